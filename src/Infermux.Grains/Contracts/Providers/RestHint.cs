namespace Infermux.Grains.Contracts.Providers;

/// <summary>A provider asked to be left alone for a model.</summary>
/// <param name="TargetModel">The model.</param>
/// <param name="QuotaExhausted">True for an empty account, false for a rate limit.</param>
/// <param name="RetryAfter">What it said; null where it said nothing usable.</param>
[GenerateSerializer, Immutable, Alias("infermux.rest-hint.v1")]
public sealed record RestHint(
    [property: Id(0)] string TargetModel, [property: Id(1)] bool QuotaExhausted, [property: Id(2)] TimeSpan? RetryAfter);
