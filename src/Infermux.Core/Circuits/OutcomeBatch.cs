namespace Infermux.Core.Circuits;

/// <summary>Some like outcomes in a row, of one gateway and one generation.</summary>
public sealed record OutcomeBatch
{
    /// <summary>Who saw them.</summary>
    public required Guid Gateway { get; init; }

    /// <summary>Generation they were admitted under.</summary>
    public required long Generation { get; init; }

    /// <summary>What they were.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>How many.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Mean time to first content of successes, ms.</summary>
    public double MeanLatencyMs { get; init; }

    /// <summary>Latencies that count for p95, as bucket and count.</summary>
    public IReadOnlyList<(int Bucket, int Count)> Latencies { get; init; } = [];

    /// <summary>Set when this one outcome is a probe's.</summary>
    public Guid? ProbePermit { get; init; }
}
