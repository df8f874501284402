namespace Infermux.Grains.Providers;

/// <summary>Verdicts of <see cref="Contracts.Routing.CandidateVerdict"/> that an owner gives.</summary>
internal static class Refusals
{
    public const string CircuitOpen = "circuit_open";
    public const string ProbeOut = "probe_out";
    public const string RateLimited = "rate_limited";
    public const string MaxConcurrency = "max_concurrency";
    public const string NotAdmitted = "not_admitted";
}
