namespace Infermux.Grains.Contracts.Providers;

/// <summary>What an attempt says about its provider.</summary>
public enum OutcomeKind
{
    /// <summary>First content arrived.</summary>
    Success = 0,

    /// <summary>A provider fault before content.</summary>
    Fault = 1,

    /// <summary>A stream broke after content: one further verdict, a fault.</summary>
    BrokeAfterContent = 2,

    /// <summary>An answer that is not a provider fault (a caller's 400, a 429): no verdict, but proof of life for a probe.</summary>
    Neutral = 3,

    /// <summary>The caller hung up: no verdict; a probe's permit goes back.</summary>
    Cancelled = 4,
}
