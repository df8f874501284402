namespace Infermux.Core.Routing;

/// <summary>What to tell a caller for whom nobody is left, and when to come back.</summary>
public static class RouteRefusal
{
    /// <summary>Reads the outcome off candidates of which none may be chosen. One whose dialect lacks the operation does not serve the model.</summary>
    public static RouteOutcome Outcome(ReadOnlySpan<RankedCandidate> candidates)
    {
        int served = 0, priced = 0;
        foreach (ref readonly var candidate in candidates)
        {
            switch (candidate.Verdict)
            {
                case Verdict.RateLimited or Verdict.MaxConcurrency or Verdict.Resting:
                    return RouteOutcome.RateLimited;
                case Verdict.OperationUnsupported:
                    break;
                case Verdict.PriceUnknown:
                    served++;
                    break;
                default:
                    served++;
                    priced++;
                    break;
            }
        }

        return served == 0 ? RouteOutcome.ModelNotFound : priced == 0 ? RouteOutcome.PriceUnknown : RouteOutcome.NoHealthyProviders;
    }

    /// <summary>The earliest known end of what holds candidates back, from now; null where none is known.</summary>
    public static TimeSpan? RetryAfter(ReadOnlySpan<RankedCandidate> candidates, DateTimeOffset now)
    {
        var earliest = long.MaxValue;
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.UntilTicks != 0)
            {
                earliest = Math.Min(earliest, candidate.UntilTicks);
            }
        }

        return earliest == long.MaxValue ? null : TimeSpan.FromTicks(Math.Max(0, earliest - now.UtcTicks));
    }
}
