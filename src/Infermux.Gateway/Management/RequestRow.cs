using Infermux.Gateway.Requests;

namespace Infermux.Gateway.Management;

/// <summary><c>GET /_infermux/requests/{id}</c>: why this route, and what it cost.</summary>
internal sealed record RequestRow
{
    public required string RequestId { get; init; }

    public required Guid Operation { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double DurationMs { get; init; }

    public required string Kind { get; init; }

    public required string Caller { get; init; }

    public required string Project { get; init; }

    public required string Env { get; init; }

    public required string Model { get; init; }

    public required bool Stream { get; init; }

    public required int Status { get; init; }

    public string? ErrorCode { get; init; }

    public required decimal CostUsd { get; init; }

    public required string ConfigurationHash { get; init; }

    public required IReadOnlyList<AttemptRow> Attempts { get; init; }

    public static RequestRow Of(RequestRecord record) => new()
    {
        RequestId = record.RequestId,
        Operation = record.Operation,
        StartedAt = record.StartedAt,
        DurationMs = record.Duration.TotalMilliseconds,
        Kind = record.Kind.ToString(),
        Caller = record.Caller,
        Project = record.Project,
        Env = record.Env,
        Model = record.Model,
        Stream = record.Stream,
        Status = record.Status,
        ErrorCode = record.ErrorCode,
        CostUsd = record.Cost,
        ConfigurationHash = record.ConfigurationHash,
        Attempts = [.. record.Attempts.Select(AttemptRow.Of)],
    };
}
