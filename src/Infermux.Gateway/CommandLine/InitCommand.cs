using System.CommandLine;
using Infermux.Hosting.Configuration.Reference;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux init</c>: a commented file to start from, and its schema beside it. Never overwrites.</summary>
internal static class InitCommand
{
    private const string Starter = "starter.yml";

    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "Where to write it.", DefaultValueFactory = _ => "infermux.yml" };
        var command = new Command("init", "Writes a commented infermux.yml to start from; never overwrites.") { config };
        command.SetAction(parsed => Run(parsed.GetValue(config)!, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string path, TextWriter output, TextWriter error)
    {
        var starter = typeof(InitCommand).Assembly.GetManifestResourceStream(Starter) ?? throw new InvalidOperationException($"The build left out its resource '{Starter}'.");
        using var reader = new StreamReader(starter);
        try
        {
            if (!Write(path, reader.ReadToEnd()))
            {
                error.WriteLine($"{path} is already there and is left as it is. Name another file with --config.");
                return ExitCode.Failed;
            }

            Write(Path.Combine(Path.GetDirectoryName(path) ?? "", ConfigurationSchema.FileName), ConfigurationSchema.Write());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{path} cannot be written: {e.Message} Name another place with --config.");
            return ExitCode.Failed;
        }

        output.WriteLine($"Wrote {path}, which works as it is. Add your providers, check it with 'infermux validate --config {path}', then run 'infermux --config {path}'.");
        return ExitCode.Ok;
    }

    /// <summary>Writes a new file; false where one of that name is there already.</summary>
    private static bool Write(string path, string text)
    {
        if (File.Exists(path)) { return false; }
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var writer = new StreamWriter(file);
        writer.Write(text);
        return true;
    }
}
