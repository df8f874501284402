using Infermux.Hosting.Configuration;

namespace Infermux.Hosting.Tests.Configuration;

/// <summary>Loads texts and fixture files with an environment of its own.</summary>
internal static class Sample
{
    public static readonly string Root = FindRoot();

    public static ConfigurationResult Load(string text, params (string Name, string Value)[] variables) =>
        Loader(new() { ["infermux.yml"] = text }, variables).Load(new() { Path = "infermux.yml" });

    public static ConfigurationResult LoadFile(string path, bool strict = false, params (string Name, string Value)[] variables)
    {
        var name = Path.GetFileName(path);
        return Loader(new() { [name] = File.ReadAllText(path) }, variables).Load(new() { Path = name, Strict = strict });
    }

    public static ConfigurationLoader Loader(Dictionary<string, string?> files, params (string Name, string Value)[] variables) =>
        new(name => variables.FirstOrDefault(v => v.Name == name).Value, path => files.GetValueOrDefault(path));

    public static string Fixture(string folder, string name) => Path.Combine(AppContext.BaseDirectory, "Configuration", folder, name);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Infermux.sln"))) { folder = folder.Parent; }
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
