using System.CommandLine;
using Infermux.Hosting.Configuration;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux validate</c>: every problem with its place and its mend, without opening a connection.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file (INFERMUX_CONFIG; default infermux.yml)." };
        var strict = new Option<bool>("--strict") { Description = "Fails on unknown keys." };
        var command = new Command("validate", "Checks a configuration file. Exit code 0 valid, 1 not found, 2 not YAML, 3 wrong.") { config, strict };
        command.SetAction(parsed => Run(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, new ConfigurationRequest
        {
            Path = parsed.GetValue(config),
            Strict = parsed.GetValue(strict),
            FileRequired = true,
        }));
        return command;
    }

    private static int Run(TextWriter output, TextWriter error, ConfigurationRequest request)
    {
        var result = ConfigurationLoader.OfThisProcess.Load(request);
        foreach (var problem in result.Problems)
        {
            error.WriteLine(problem.ToString());
        }

        if (result.Loaded is { } loaded)
        {
            var options = loaded.Snapshot.Options;
            output.WriteLine($"{loaded.File}: valid, {options.Providers.Count} providers, {options.Routing.Groups.Count} route groups");
        }

        return result.Failure switch
        {
            LoadFailure.None => ExitCode.Ok,
            LoadFailure.NotFound => ExitCode.Failed,
            LoadFailure.Malformed => ExitCode.Malformed,
            _ => ExitCode.Invalid,
        };
    }
}
