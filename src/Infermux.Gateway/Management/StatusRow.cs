namespace Infermux.Gateway.Management;

/// <summary><c>GET /_infermux/status</c>: the original's fields, then ours.</summary>
internal sealed record StatusRow
{
    public required string Version { get; init; }

    public required long UptimeSeconds { get; init; }

    public required int ProvidersHealthy { get; init; }

    public required int ProvidersTotal { get; init; }

    public required long RequestsTotal { get; init; }

    public required int RequestsLastMinute { get; init; }

    public required int ErrorsLastMinute { get; init; }

    public required string ConfigurationHash { get; init; }

    /// <summary>Place of the file's budgets among all that were in force: accounts go by the highest. Left out without a silo, or before it is known.</summary>
    public long? ConfigurationNumber { get; init; }

    /// <summary>Why the newest text of the file is not in force; left out when it is.</summary>
    public IReadOnlyList<string>? ConfigurationProblems { get; init; }

    public required string PriceVersion { get; init; }

    public required string Store { get; init; }

    public required long EventsDropped { get; init; }
}
