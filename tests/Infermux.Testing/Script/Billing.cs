namespace Infermux.Testing;

/// <summary>What a request that did not end well is billed.</summary>
public enum Billing
{
    /// <summary>
    /// As vendors do: a refusal and a fault of our own before content cost nothing; a fault after content costs the prompt and what was written; a caller
    /// who hangs up pays by the <see cref="AbortRule"/>.
    /// </summary>
    ByRule,

    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Prompt and whole answer, whatever the caller saw of it.</summary>
    InFull,
}
