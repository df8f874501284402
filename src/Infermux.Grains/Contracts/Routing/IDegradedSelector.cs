using Infermux.Core.Circuits;

namespace Infermux.Grains.Contracts.Routing;

/// <summary>
/// Selects in a gateway that reaches no silo: over the last views and the outcomes of its own attempts. Begins when no silo answered anything for as long as a
/// selection is waited for, and ends with the first thing one says. Thread-safe.
/// </summary>
public interface IDegradedSelector
{
    /// <summary>Whether selections are made here now.</summary>
    bool IsOn { get; }

    /// <summary>Rises with everything a silo says.</summary>
    long Heard { get; }

    /// <summary>A silo answered a selection.</summary>
    void Answered();

    /// <summary>Begins, unless a silo said something since <paramref name="heard"/>; whether it is on now.</summary>
    bool Begin(long heard);

    /// <summary>The provider for one attempt, or why there is none.</summary>
    /// <param name="request">The attempt.</param>
    /// <param name="inFlight">Attempts that this gateway has in flight at a provider.</param>
    Selection Choose(SelectRequest request, Func<string, int> inFlight);

    /// <summary>What an attempt of this gateway met; nothing happens while it is off.</summary>
    void Tell(string provider, OutcomeBatch met);
}
