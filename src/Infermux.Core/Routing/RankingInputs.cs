namespace Infermux.Core.Routing;

/// <summary>What a strategy may look at.</summary>
internal readonly ref struct RankingInputs
{
    public required Route Route { get; init; }

    public required RouteFacts Facts { get; init; }

    public required ReadOnlySpan<CandidateState> States { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required Random Random { get; init; }

    public required long Turn { get; init; }

    public RouteCandidate Candidate(in RankedCandidate ranked) => Route.Candidates[ranked.Index];

    public CandidateState State(in RankedCandidate ranked) => States[Candidate(ranked).Provider.Ordinal];
}
