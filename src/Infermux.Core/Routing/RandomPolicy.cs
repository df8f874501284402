namespace Infermux.Core.Routing;

/// <summary><c>random</c>: uniform.</summary>
internal sealed class RandomPolicy : IRankingPolicy
{
    public string Name => "random";

    public void Order(Span<RankedCandidate> eligible, in RankingInputs inputs) => inputs.Random.Shuffle(eligible);
}
