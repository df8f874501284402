namespace Infermux.Core.Circuits;

/// <summary>What an attempt says about its provider, as far as the circuit cares.</summary>
public enum Outcome
{
    /// <summary>First content arrived.</summary>
    Success,

    /// <summary>A provider fault, before content or after it.</summary>
    Fault,

    /// <summary>An answer that is no provider fault: no verdict, but proof of life for a probe.</summary>
    Neutral,

    /// <summary>The caller hung up: no verdict; a probe's permit goes back.</summary>
    Cancelled,
}
