using Infermux.Core.Configuration;
using Infermux.Hosting.Configuration.Binding;

namespace Infermux.Hosting.Configuration;

/// <summary>Puts flags and environment variables over the file's values.</summary>
internal static class Overrides
{
    private static readonly (string Variable, string Path)[] Variables =
    [
        ("INFERMUX_LISTEN", "listen"), ("INFERMUX_MANAGEMENT_LISTEN", "management_listen"), ("INFERMUX_LOG_LEVEL", "log.level"), ("INFERMUX_LOG_FORMAT", "log.format"), ("INFERMUX_LOG_TIMESTAMPS", "log.timestamps"),
    ];

    /// <summary>What applies, weakest first: the environment, then the flags.</summary>
    public static IReadOnlyList<ConfigurationOverride> InForce(Func<string, string?> variable, IReadOnlyList<ConfigurationOverride> flags)
    {
        var fromEnvironment = Variables.Select(v => (v.Path, v.Variable, Text: variable(v.Variable))).Where(v => !string.IsNullOrEmpty(v.Text))
            .Where(v => !flags.Any(f => string.Equals(f.Path, v.Path, StringComparison.Ordinal)));
        return [.. fromEnvironment.Select(v => new ConfigurationOverride(v.Path, v.Text!, v.Variable)), .. flags];
    }

    /// <summary>The options with one value replaced, and the problem where it does not read.</summary>
    public static (InfermuxOptions Options, LocatedProblem? Problem) Apply(InfermuxOptions options, ConfigurationOverride over)
    {
        var type = over.Path switch
        {
            "listen" or "management_listen" => typeof(string),
            "log.level" => typeof(LogThreshold),
            "log.format" => typeof(LogFormat),
            "log.timestamps" => typeof(bool),
            "shutdown.drain" => typeof(TimeSpan),
            _ => throw new ArgumentException($"'{over.Path}' cannot be overridden.", nameof(over)),
        };
        var (value, wrong, mend) = ScalarReader.Read(type, isByteSize: false, over.Text);
        return value switch
        {
            string management when over.Path is "management_listen" => (options with { ManagementListen = management }, null),
            string listen => (options with { Listen = listen }, null),
            LogThreshold level => (options with { Log = options.Log with { Level = level } }, null),
            LogFormat format => (options with { Log = options.Log with { Format = format } }, null),
            bool timestamps => (options with { Log = options.Log with { Timestamps = timestamps } }, null),
            TimeSpan drain => (options with { Shutdown = options.Shutdown with { Drain = drain } }, null),
            _ => (options, new LocatedProblem(over.Source, 0, 0, new("", $"'{over.Text}' {wrong}", mend))),
        };
    }
}
