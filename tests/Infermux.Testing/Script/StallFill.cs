namespace Infermux.Testing;

/// <summary>What a stalled stream carries meanwhile.</summary>
public enum StallFill
{
    /// <summary>Nothing.</summary>
    Silence,

    /// <summary>SSE comments.</summary>
    Comments,

    /// <summary>The dialect's pings; comments where it has none.</summary>
    Pings,
}
