using System.CommandLine;
using Infermux.Core.Configuration;
using Infermux.Hosting.Configuration;
using Infermux.Hosting.SelfChecks;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux validate</c>: every problem with its place and its mend; of a store it can reach, too, unless <c>--offline</c>.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file (INFERMUX_CONFIG; default infermux.yml)." };
        var strict = new Option<bool>("--strict") { Description = "Fails on unknown keys." };
        var offline = new Option<bool>("--offline") { Description = "Opens no connection: a Redis store is not asked how it is set up." };
        var command = new Command("validate", "Checks a configuration file. Exit code 0 valid, 1 not found, 2 not YAML, 3 wrong.") { config, strict, offline };
        command.SetAction((parsed, _) => RunAsync(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, parsed.GetValue(offline), new()
        {
            Path = parsed.GetValue(config),
            Strict = parsed.GetValue(strict),
            FileRequired = true,
        }));
        return command;
    }

    private static async Task<int> RunAsync(TextWriter output, TextWriter error, bool offline, ConfigurationRequest request)
    {
        var result = ConfigurationLoader.OfThisProcess.Load(request);
        foreach (var problem in result.Problems)
        {
            await error.WriteLineAsync(problem.ToString());
        }

        if (result.Loaded is not { } loaded)
        {
            return result.Failure switch
            {
                LoadFailure.NotFound => ExitCode.Failed,
                LoadFailure.Malformed => ExitCode.Malformed,
                _ => ExitCode.Invalid,
            };
        }

        var options = loaded.Snapshot.Options;
        if (!offline && options.Cluster is { Store: StoreKind.Redis, Redis: { } store } && !await IsFitAsync(store, loaded.File, error))
        {
            return ExitCode.Invalid;
        }

        await output.WriteLineAsync($"{loaded.File}: valid, {options.Providers.Count} providers, {options.Routing.Groups.Count} route groups");
        return ExitCode.Ok;
    }

    private static async Task<bool> IsFitAsync(string store, string? file, TextWriter error)
    {
        var report = await StoreCheck.AskAsync(store, TimeProvider.System);
        foreach (var problem in report.Problems)
        {
            await error.WriteLineAsync($"{file}: {(problem.IsWarning ? "warning: " : "")}{problem.Path}: {problem.Problem} {problem.Mend}");
        }

        if (report.WhyUnknown is { } unknown)
        {
            await error.WriteLineAsync($"{file}: cluster.redis: not all of the store is known: {unknown}");
        }

        return report.Problems.All(problem => problem.IsWarning);
    }
}
