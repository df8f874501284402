using Microsoft.AspNetCore.Builder;

namespace Infermux.Hosting;

/// <summary>The web host of a program of ours.</summary>
public static class ProgramHost
{
    /// <summary>
    /// ASP.NET Core's slim builder that looks for its own files (<c>appsettings.json</c>) beside the program, once, and not in the folder it was started in.
    /// That one is the user's: a file of this name there belongs to another program, and to see it change the host would watch each folder below, with
    /// <c>data_dir</c> and its thousands of writes a second among them.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string name) => WebApplication.CreateSlimBuilder(new WebApplicationOptions
    {
        ApplicationName = name,
        ContentRootPath = AppContext.BaseDirectory,
        Args = ["--hostBuilder:reloadConfigOnChange=false"],
    });
}
