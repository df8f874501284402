namespace Infermux.Grains.Contracts.Providers;

/// <summary>A target model that the provider asked to be left alone for.</summary>
/// <param name="TargetModel">The model.</param>
/// <param name="Until">The end.</param>
/// <param name="Reason"><c>rate_limited</c> or <c>quota_exhausted</c>.</param>
[GenerateSerializer, Immutable, Alias("infermux.model-rest.v1")]
public sealed record ModelRest([property: Id(0)] string TargetModel, [property: Id(1)] DateTimeOffset Until, [property: Id(2)] string Reason);
