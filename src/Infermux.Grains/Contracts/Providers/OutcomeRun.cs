namespace Infermux.Grains.Contracts.Providers;

/// <summary>Some like outcomes in a row.</summary>
[GenerateSerializer, Immutable, Alias("infermux.outcome-run.v1")]
public sealed record OutcomeRun
{
    /// <summary>Generation they were admitted under.</summary>
    [Id(0)] public long Generation { get; init; }

    /// <summary>What they were.</summary>
    [Id(1)] public OutcomeKind Kind { get; init; }

    /// <summary>How many.</summary>
    [Id(2)] public int Count { get; init; }

    /// <summary>Mean time to first content of successes, ms.</summary>
    [Id(3)] public double MeanLatencyMs { get; init; }

    /// <summary>Latency histogram of those that count for p95: bucket number of <c>LatencyBuckets</c> in Core, and count.</summary>
    [Id(4)] public IReadOnlyList<(int Bucket, int Count)> Histogram { get; init; } = [];

    /// <summary>Set when this one outcome is a probe's.</summary>
    [Id(5)] public Guid? ProbePermit { get; init; }

    /// <summary>For a fault, its class as spelled in metrics; for logs.</summary>
    [Id(6)] public string Detail { get; init; } = "";
}
