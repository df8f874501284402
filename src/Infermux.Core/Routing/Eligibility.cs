namespace Infermux.Core.Routing;

/// <summary>
/// Whether one provider may take one attempt. What never changes is asked before what passes by itself, and limits come last: a verdict of a limit or a rest
/// then means that nothing else holds the provider back, which is what makes a refusal a 429.
/// </summary>
internal static class Eligibility
{
    private const byte First = 0;
    private const byte Last = 2;

    /// <summary>The candidate with its verdict; false where it does not serve the model at all and is not listed.</summary>
    public static bool Judge(
        RouteCandidate candidate, int index, CandidateState state, in RouteFacts facts, DateTimeOffset now, int maxAttempts, out RankedCandidate judged)
    {
        judged = new RankedCandidate(index, Verdict.NotPreferred);
        if (candidate.OnlyIfListed && state.ListedModels?.Contains(candidate.TargetModel) is not true)
        {
            return false;
        }

        var fixedVerdict = Fixed(candidate, facts);
        if (fixedVerdict is not Verdict.NotPreferred)
        {
            judged.Verdict = fixedVerdict;
            return true;
        }

        (judged.Verdict, var until) = Passing(candidate, state, now);
        judged.UntilTicks = until?.UtcTicks ?? 0;
        if (judged.IsEligible)
        {
            Place(ref judged, candidate, state, facts, maxAttempts);
        }

        return true;
    }

    private static Verdict Fixed(RouteCandidate candidate, in RouteFacts facts)
    {
        var provider = candidate.Provider;
        return !OperationSupport.Has(provider.Options, facts.Operation) ? Verdict.OperationUnsupported
            : candidate.PriceRefused ? Verdict.PriceUnknown
            : WasTried(facts.Tried, provider.Options.Name) ? Verdict.Tried
            : !HasCredential(provider, facts) ? Verdict.NoCredential
            : facts.WindowLargerThan is { } window && !(candidate.Price?.MaxInput > window) ? Verdict.WindowTooSmall
            : Verdict.NotPreferred;
    }

    private static (Verdict Verdict, DateTimeOffset? Until) Passing(RouteCandidate candidate, CandidateState state, DateTimeOffset now)
    {
        if (!state.Healthy)
        {
            return (Verdict.Unhealthy, null);
        }

        if (state.Circuit is CandidateCircuit.Open && !(state.RecoveryAt <= now))
        {
            return (Verdict.CircuitOpen, state.RecoveryAt);
        }

        if (state.Circuit is not CandidateCircuit.Closed && state.ProbeOutUntil > now)
        {
            return (Verdict.ProbeOut, state.ProbeOutUntil);
        }

        foreach (var rest in state.Rests)
        {
            if (rest.Until > now && string.Equals(rest.TargetModel, candidate.TargetModel, StringComparison.Ordinal))
            {
                return (Verdict.Resting, rest.Until);
            }
        }

        return state.LimitedUntil > now ? (Verdict.RateLimited, state.LimitedUntil) : (Verdict.NotPreferred, null);
    }

    // A free permit beats the strategy while another attempt could follow a failed probe, and waits for a first attempt when none could.
    // A provider that the view shows full may have room by now: its owner is asked, but only when nothing else is left.
    private static void Place(ref RankedCandidate judged, RouteCandidate candidate, CandidateState state, in RouteFacts facts, int maxAttempts)
    {
        judged.Admit = candidate.Provider.Limited ? AdmitReason.Limits : AdmitReason.None;
        if (state.Circuit is not CandidateCircuit.Closed)
        {
            judged.Admit |= AdmitReason.Probe;
            judged.Tier = maxAttempts <= 1 ? judged.Tier : facts.Attempt < maxAttempts ? First : Last;
        }
        else if (state.InFlight >= candidate.Provider.Options.MaxConcurrency)
        {
            judged.Tier = Last;
        }
    }

    private static bool WasTried(IReadOnlyList<string> tried, string provider)
    {
        for (var i = 0; i < tried.Count; i++)
        {
            if (string.Equals(tried[i], provider, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasCredential(RoutedProvider provider, in RouteFacts facts) => provider.Credential is not CredentialNeed.Caller
        || (facts.CallerCredential && (facts.CredentialBaseUrl is not { } spent || ProviderEndpoint.Same(spent, provider.BaseUrl)));
}
