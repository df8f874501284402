namespace Infermux.Grains.Contracts.Providers;

/// <summary>What one gateway saw of one provider since its last report.</summary>
[GenerateSerializer, Immutable, Alias("infermux.outcome-report.v1")]
public sealed record OutcomeReport
{
    /// <summary>The gateway's incarnation.</summary>
    [Id(0)] public required Guid Gateway { get; init; }

    /// <summary>1, 2, 3 … per (gateway, provider).</summary>
    [Id(1)] public required long Number { get; init; }

    /// <summary>Attempts this gateway has in flight there now: absolute, dropped 3 s after the last report.</summary>
    [Id(2)] public int InFlight { get; init; }

    /// <summary>Run-length list in the gateway's order.</summary>
    [Id(3)] public IReadOnlyList<OutcomeRun> Runs { get; init; } = [];

    /// <summary>Attempts dispatched since the last report.</summary>
    [Id(4)] public int Dispatched { get; init; }

    /// <summary>Tokens that ended attempts really used, with what was reserved for them at admission, for <c>tokens_per_minute</c>.</summary>
    [Id(5)] public IReadOnlyList<TokenCorrection> Tokens { get; init; } = [];

    /// <summary>Rests that the provider asked for.</summary>
    [Id(6)] public IReadOnlyList<RestHint> Rests { get; init; } = [];

    /// <summary>The highest generation this gateway has seen, for an owner that lost its memory.</summary>
    [Id(7)] public long HighestGeneration { get; init; }

    /// <summary>The owner that this gateway knows of when it sends this; 0 where it knows none.</summary>
    [Id(8)] public long Incarnation { get; init; }

    /// <summary>What this gateway sent within the last minute, once for each owner, where the provider has <c>rate_limits</c>.</summary>
    [Id(9)] public IReadOnlyList<AdmittedSecond> LastMinute { get; init; } = [];
}
