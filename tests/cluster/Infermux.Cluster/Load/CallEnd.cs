namespace Infermux.Cluster.Load;

/// <summary>How a request ended for its caller: exactly one of these.</summary>
internal enum CallEnd
{
    /// <summary>Answered to its end.</summary>
    Complete,

    /// <summary>An error of ours that says what it is, as a status or as a stream's error event.</summary>
    Refused,

    /// <summary>The connection broke, or a stream ended without its end: what a caller must never see from a part that lives.</summary>
    Cut,

    /// <summary>Given up by its caller.</summary>
    Cancelled,

    /// <summary>No end within the caller's patience.</summary>
    Hung,
}
