namespace Infermux.Testing;

/// <summary>How one request ended, as the provider saw it.</summary>
public enum RequestOutcome
{
    /// <summary>Not ended yet.</summary>
    InFlight,

    /// <summary>Answered to the end.</summary>
    Answered,

    /// <summary>Answered with an error status.</summary>
    Refused,

    /// <summary>Broken by the provider: reset, cut, error event, not an answer.</summary>
    Broken,

    /// <summary>The caller hung up first.</summary>
    Cancelled,
}
