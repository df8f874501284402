using System.Collections.ObjectModel;

namespace Infermux.Testing;

/// <summary>What a scripted provider is from its start to its end.</summary>
public sealed record ScriptedProviderOptions
{
    /// <summary>Its name, said in answers, ids and errors. Default <c>scripted</c>.</summary>
    public string Name { get; init; } = "scripted";

    /// <summary>Loopback port; 0 takes a free one. Default 0.</summary>
    public int Port { get; init; }

    /// <summary>The credential it accepts, by any of the dialects' headers; null accepts every request.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Models it serves; any other is refused as its dialect does. Null serves every name.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Prices by model.</summary>
    public IReadOnlyDictionary<string, ScriptedPrice> Prices { get; init; } = ReadOnlyDictionary<string, ScriptedPrice>.Empty;

    /// <summary>Price of a model without its own. Default: 1 USD per million prompt tokens, 2 per million completion tokens.</summary>
    public ScriptedPrice DefaultPrice { get; init; } = new(1m, 2m);

    /// <summary>What it bills on abort. Default <see cref="AbortRule.StopsOnAbort"/>.</summary>
    public AbortRule AbortRule { get; init; }

    /// <summary>How inference requests are treated until told otherwise. Default calm.</summary>
    public Behaviour Behaviour { get; init; } = Behaviour.Calm;

    /// <summary>How model listings, the usual health check, are treated until told otherwise. Default calm.</summary>
    public Behaviour ListingBehaviour { get; init; } = Behaviour.Calm;

    /// <summary>Request records kept, oldest dropped first; the sums count all. Default 20,000.</summary>
    public int KeepRequests { get; init; } = 20_000;

    /// <summary>Whether the records keep headers and bodies. Default true.</summary>
    public bool KeepBodies { get; init; } = true;

    /// <summary>Seed of <see cref="Behaviour.Share"/>. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The clock of delays and records. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
