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

    public static RequestRow Of(RememberedRequest request) => new()
    {
        RequestId = request.RequestId,
        Operation = request.Operation,
        StartedAt = request.StartedAt,
        DurationMs = request.Duration.TotalMilliseconds,
        Kind = request.Kind.ToString(),
        Caller = request.Caller,
        Project = request.Project,
        Env = request.Env,
        Model = request.Model,
        Stream = request.Stream,
        Status = request.Status,
        ErrorCode = request.ErrorCode,
        CostUsd = request.Cost,
        ConfigurationHash = request.ConfigurationHash,
        Attempts = [.. request.Attempts.Select(AttemptRow.Of)],
    };
}
