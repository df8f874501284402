using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>routing.least_latency</c>.</summary>
public sealed record LeastLatencyOptions
{
    /// <summary>Weight of the old value, 0 to 1: the new sample weighs <c>1 - ewma_decay</c>. Default 0.1.</summary>
    [Between("0", "1")]
    public double EwmaDecay { get; init; } = 0.1;

    /// <summary>A provider with fewer samples counts as fastest. Default 5.</summary>
    [Between("0")]
    public int MinSamples { get; init; } = 5;
}
