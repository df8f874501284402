namespace Infermux.Grains.Contracts.Providers;

/// <summary>The circuit as others see it; the numbers are those of the metric <c>infermux_circuit_state</c>.</summary>
public enum CircuitState
{
    /// <summary>Traffic flows.</summary>
    Closed = 0,

    /// <summary>On trial: one probe.</summary>
    HalfOpen = 1,

    /// <summary>Traffic is stopped.</summary>
    Open = 2,
}
