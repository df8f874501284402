namespace Infermux.Grains.Contracts.Providers;

/// <summary>Manual control of a circuit.</summary>
public enum CircuitControl
{
    /// <summary>Open; recovers after <c>recovery_window</c> as after a fault.</summary>
    Open = 0,

    /// <summary>Open until closed by hand.</summary>
    Hold = 1,

    /// <summary>Closed at once, without a probe.</summary>
    Close = 2,

    /// <summary>Closed, with every statistic cleared.</summary>
    Reset = 3,
}
