namespace Infermux.Gateway.Costs;

/// <summary>Answer of <c>GET /_infermux/costs/timeseries</c>.</summary>
/// <param name="Buckets">Oldest first, empty ones included.</param>
internal sealed record CostTimeseries(IReadOnlyList<CostBucket> Buckets);
