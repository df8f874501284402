namespace Infermux.Core.Routing;

/// <summary><c>priority</c>: as declared.</summary>
internal sealed class PriorityPolicy : IRankingPolicy
{
    public string Name => "priority";

    public void Order(Span<RankedCandidate> eligible, in RankingInputs inputs)
    {
        // They come in that order.
    }
}
