namespace Infermux.Grains.Contracts.Routing;

/// <summary>What became of one provider in a selection.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Verdict">Closed set, snake case: <c>selected</c>, <c>not_preferred</c>, <c>tried</c>, <c>circuit_open</c>, <c>probe_out</c>, <c>unhealthy</c>,
/// <c>resting</c>, <c>rate_limited</c>, <c>max_concurrency</c>, <c>not_admitted</c>, <c>no_credential</c>, <c>operation_unsupported</c>,
/// <c>window_too_small</c>, <c>budget</c>, <c>price_unknown</c>.</param>
/// <param name="Score">What the strategy compared (ms, USD), null where it compares nothing.</param>
/// <param name="Until">When what holds it back ends, where known.</param>
[GenerateSerializer, Immutable, Alias("infermux.candidate-verdict.v1")]
public sealed record CandidateVerdict(
    [property: Id(0)] string Provider,
    [property: Id(1)] string Verdict,
    [property: Id(2)] double? Score = null,
    [property: Id(3)] DateTimeOffset? Until = null);
