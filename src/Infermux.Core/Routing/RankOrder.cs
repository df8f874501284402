namespace Infermux.Core.Routing;

/// <summary>Stable sorts of candidates: few, nearly sorted, and on the stack, which is where insertion is hard to beat.</summary>
internal static class RankOrder
{
    /// <summary>By the strategy's keys, lowest first; equals keep their order.</summary>
    public static void SortByKeys(Span<RankedCandidate> candidates)
    {
        for (var i = 1; i < candidates.Length; i++)
        {
            var moving = candidates[i];
            var at = i;
            for (; at > 0 && Before(moving, candidates[at - 1]); at--)
            {
                candidates[at] = candidates[at - 1];
            }

            candidates[at] = moving;
        }
    }

    /// <summary>By tier, lowest first; the strategy's order stands within each.</summary>
    public static void SortByTier(Span<RankedCandidate> candidates)
    {
        for (var i = 1; i < candidates.Length; i++)
        {
            var moving = candidates[i];
            var at = i;
            for (; at > 0 && moving.Tier < candidates[at - 1].Tier; at--)
            {
                candidates[at] = candidates[at - 1];
            }

            candidates[at] = moving;
        }
    }

    private static bool Before(in RankedCandidate left, in RankedCandidate right) =>
        left.Key < right.Key || (left.Key.Equals(right.Key) && left.SecondKey < right.SecondKey);
}
