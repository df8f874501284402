using System.Text.Json.Serialization;

namespace Infermux.Gateway.Management;

/// <summary>One provider in <c>GET /_infermux/providers</c>, with the original's field names and ours after them.</summary>
internal sealed record ProviderRow
{
    public required string Name { get; init; }

    public required string Type { get; init; }

    public required bool Healthy { get; init; }

    /// <summary><c>closed</c>, <c>half-open</c> or <c>open</c>.</summary>
    public required string Circuit { get; init; }

    public required double ErrorRate { get; init; }

    [JsonPropertyName("p95_latency_ms")]
    public required double P95LatencyMs { get; init; }

    public required int RequestsLastMinute { get; init; }

    public required IReadOnlyList<string> Models { get; init; }

    public required IReadOnlyDictionary<string, string> ModelAliases { get; init; }

    public int? RateLimitHeadroomRpm { get; init; }

    public int? RateLimitHeadroomTpm { get; init; }

    public DateTimeOffset? CircuitOpenedAt { get; init; }

    public DateTimeOffset? CircuitRecoveryAt { get; init; }

    public string? CircuitReason { get; init; }

    public bool CircuitHeld { get; init; }

    public double? LatencyMs { get; init; }

    public required int InFlight { get; init; }

    public DateTimeOffset? LastCheck { get; init; }

    public required IReadOnlyList<RestRow> Rests { get; init; }
}
