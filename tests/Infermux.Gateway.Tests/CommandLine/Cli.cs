using Infermux.Gateway.CommandLine;

namespace Infermux.Gateway.Tests.CommandLine;

/// <summary>One command line, run inside this process.</summary>
internal sealed record Cli(int Code, string Output, string Error)
{
    public static async Task<Cli> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLineApp.RunAsync(args, output, error);
        return new Cli(code, output.ToString(), error.ToString());
    }

    /// <summary>The cells of each line of a table; columns stand at least two spaces apart.</summary>
    public IReadOnlyList<string[]> Rows =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
