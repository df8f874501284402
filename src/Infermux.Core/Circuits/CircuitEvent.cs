namespace Infermux.Core.Circuits;

/// <summary>What may change a circuit's state. Single outcomes of a closed circuit are counted elsewhere and arrive here as <see cref="Tripped"/>.</summary>
public abstract record CircuitEvent
{
    private CircuitEvent()
    {
    }

    /// <summary>Nothing but time.</summary>
    public sealed record TimePassed : CircuitEvent;

    /// <summary>A threshold was crossed while closed.</summary>
    public sealed record Tripped(OpenReason Reason) : CircuitEvent;

    /// <summary>Someone wants to send the probe under <paramref name="Permit"/>, which lives for <paramref name="Life"/>.</summary>
    public sealed record ProbeWanted(Guid Permit, TimeSpan Life) : CircuitEvent;

    /// <summary>The probe ended.</summary>
    public sealed record ProbeEnded(Guid Permit, Outcome Outcome) : CircuitEvent;

    /// <summary>Opened by hand; recovers like any other, unless <paramref name="Hold"/>.</summary>
    public sealed record OpenedByHand(bool Hold) : CircuitEvent;

    /// <summary>Closed without a probe: by hand, or because the provider is a different one now.</summary>
    public sealed record ClosedByHand : CircuitEvent;
}
