namespace Infermux.Testing;

/// <summary>What a scripted provider counted, at one moment and consistent in itself.</summary>
public sealed record ProviderTruth
{
    /// <summary>Inference requests read to their end.</summary>
    public required long Requests { get; init; }

    /// <summary>Of them, those not ended yet.</summary>
    public required int InFlight { get; init; }

    /// <summary>The most that were in flight at once.</summary>
    public required int PeakInFlight { get; init; }

    /// <summary>Answered to the end.</summary>
    public required long Answered { get; init; }

    /// <summary>Answered with an error status.</summary>
    public required long Refused { get; init; }

    /// <summary>Broken by the provider.</summary>
    public required long Broken { get; init; }

    /// <summary>Given up by the caller.</summary>
    public required long Cancelled { get; init; }

    /// <summary>Connections accepted.</summary>
    public required long Connections { get; init; }

    /// <summary>Model listings, the usual health check; not among <see cref="Requests"/>.</summary>
    public required long Listings { get; init; }

    /// <summary>Bytes of request bodies.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes of response bodies.</summary>
    public required long BytesSent { get; init; }

    /// <summary>Tokens billed.</summary>
    public required TokenCount Billed { get; init; }

    /// <summary>Their cost in USD.</summary>
    public required decimal Cost { get; init; }

    /// <summary>By caller.</summary>
    public required IReadOnlyDictionary<string, CallerTruth> Callers { get; init; }
}
