namespace Infermux.Core.Routing;

/// <summary><c>cost_weighted</c>: the cheapest expected cost first, declaration order among equals, unknown prices last.</summary>
internal sealed class CostWeightedPolicy : IRankingPolicy
{
    public string Name => "cost_weighted";

    public void Order(Span<RankedCandidate> eligible, in RankingInputs inputs)
    {
        foreach (ref var ranked in eligible)
        {
            var candidate = inputs.Candidate(ranked);
            var units = inputs.Facts.Units == 0 ? 0d : UnitCost(inputs.Facts, candidate);
            ranked.Score = units + (inputs.Facts.PromptEstimate * candidate.InputPerToken) + (inputs.Facts.ExpectedCompletion * candidate.OutputPerToken);
            ranked.Key = double.IsNaN(ranked.Score) ? double.PositiveInfinity : ranked.Score;
        }

        RankOrder.SortByKeys(eligible);
    }

    private static double UnitCost(in RouteFacts facts, RouteCandidate candidate) =>
        facts.Units * (double)(candidate.Price?.PriceOf(OperationSupport.UnitOf(facts.Operation)) ?? 0m);
}
