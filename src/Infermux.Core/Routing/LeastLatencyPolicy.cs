namespace Infermux.Core.Routing;

/// <summary>
/// <c>least_latency</c>: providers under <c>min_samples</c> first, by requests in flight; then by EWMA, equals by requests in flight; chance decides what is
/// still equal. A provider whose last sample is older than its window counts as under <c>min_samples</c> for one exploratory request in the cluster; while
/// that one is out it keeps the place of its old average.
/// </summary>
internal sealed class LeastLatencyPolicy : IRankingPolicy
{
    private const double Unmeasured = -1;

    public string Name => "least_latency";

    public void Order(Span<RankedCandidate> eligible, in RankingInputs inputs)
    {
        var minSamples = inputs.Route.Table.Options.Routing.LeastLatency.MinSamples;
        inputs.Random.Shuffle(eligible);
        foreach (ref var ranked in eligible)
        {
            var state = inputs.State(ranked);
            ranked.SecondKey = state.InFlight;
            if (state.LatencyMs is not { } latency || state.Samples < minSamples)
            {
                ranked.Key = Unmeasured;
                continue;
            }

            ranked.Score = latency;
            ranked.Key = latency;
            if (eligible.Length > 1 && !state.Exploring && inputs.Now - state.LastSample > inputs.Candidate(ranked).Provider.Window)
            {
                ranked.Key = Unmeasured;
                ranked.Admit |= AdmitReason.Exploratory;
            }
        }

        RankOrder.SortByKeys(eligible);
    }
}
