namespace Infermux.Core.Routing;

/// <summary>A provider's circuit as selection sees it.</summary>
public enum CandidateCircuit
{
    /// <summary>Traffic flows.</summary>
    Closed = 0,

    /// <summary>On trial: one probe.</summary>
    HalfOpen = 1,

    /// <summary>Traffic is stopped.</summary>
    Open = 2,
}
