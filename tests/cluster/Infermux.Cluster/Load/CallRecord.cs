namespace Infermux.Cluster.Load;

/// <summary>One request as its caller saw it.</summary>
internal sealed record CallRecord
{
    public required string Caller { get; init; }

    /// <summary>Its model: one of its own where the ledger is to tell requests apart.</summary>
    public required string Model { get; init; }

    public required bool Stream { get; init; }

    /// <summary>When it was due, not when it got away: a stalled load would hide the waits it causes.</summary>
    public required DateTimeOffset Due { get; init; }

    public required CallEnd End { get; init; }

    /// <summary>HTTP status; 0: none came.</summary>
    public int Status { get; init; }

    /// <summary>The error's code; null where it has none.</summary>
    public string? Code { get; init; }

    /// <summary>What else is known of an end that was not good.</summary>
    public string? Said { get; init; }

    /// <summary>From when it was due to the first byte of the answer's body.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>From when it was due to its end.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>What the answer says it cost, USD; null where it does not say.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Of a refusal for money: what was held at that moment, USD.</summary>
    public decimal? Held { get; init; }
}
