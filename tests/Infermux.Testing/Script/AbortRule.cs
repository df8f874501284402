namespace Infermux.Testing;

/// <summary>What this vendor bills when its caller hangs up in the middle of a stream. Whole answers are always billed in full.</summary>
public enum AbortRule
{
    /// <summary>The prompt, and the output written so far.</summary>
    StopsOnAbort,

    /// <summary>The whole answer.</summary>
    BillsOn,
}
