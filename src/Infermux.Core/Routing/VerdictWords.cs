namespace Infermux.Core.Routing;

/// <summary>The closed set of words that answers, logs and metrics use for a <see cref="Verdict"/>.</summary>
public static class VerdictWords
{
    /// <summary>The word.</summary>
    public static string Word(this Verdict verdict) => verdict switch
    {
        Verdict.NotPreferred => "not_preferred",
        Verdict.Selected => "selected",
        Verdict.Tried => "tried",
        Verdict.CircuitOpen => "circuit_open",
        Verdict.ProbeOut => "probe_out",
        Verdict.Unhealthy => "unhealthy",
        Verdict.Resting => "resting",
        Verdict.RateLimited => "rate_limited",
        Verdict.MaxConcurrency => "max_concurrency",
        Verdict.NotAdmitted => "not_admitted",
        Verdict.NoCredential => "no_credential",
        Verdict.OperationUnsupported => "operation_unsupported",
        Verdict.WindowTooSmall => "window_too_small",
        Verdict.Budget => "budget",
        Verdict.PriceUnknown => "price_unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "This verdict has no word."),
    };

    /// <summary>The verdict that an owner's refusal names; a word of a newer version reads as <see cref="Verdict.NotAdmitted"/>.</summary>
    public static Verdict FromRefusal(string word) => word switch
    {
        "circuit_open" => Verdict.CircuitOpen,
        "probe_out" => Verdict.ProbeOut,
        "unhealthy" => Verdict.Unhealthy,
        "resting" => Verdict.Resting,
        "rate_limited" => Verdict.RateLimited,
        "max_concurrency" => Verdict.MaxConcurrency,
        _ => Verdict.NotAdmitted,
    };
}
