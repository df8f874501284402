namespace Infermux.Core.Routing;

/// <summary><c>round_robin</c>: the turn says who is first, the rest follows in a circle. Counted over the eligible, so that nobody inherits an absent one's share.</summary>
internal sealed class RoundRobinPolicy : IRankingPolicy
{
    public string Name => "round_robin";

    public void Order(Span<RankedCandidate> eligible, in RankingInputs inputs)
    {
        if (eligible.Length < 2)
        {
            return;
        }

        var first = (int)(inputs.Turn % eligible.Length);
        eligible[..first].Reverse();
        eligible[first..].Reverse();
        eligible.Reverse();
    }
}
