using System.Text.Json.Serialization;

namespace Infermux.Testing;

/// <summary>One inference request as the provider saw it. Times are the provider's clock.</summary>
public sealed record RequestRecord
{
    /// <summary>1 for the first request, in order of arrival.</summary>
    public required long Number { get; init; }

    /// <summary>The prompt's <c>caller=NAME</c> marker, else the credential sent, else <c>anonymous</c>.</summary>
    public required string Caller { get; init; }

    /// <summary>Its <c>X-Request-Id</c>; null: none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The kind of call, such as <c>ChatCompletions</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>Path and query.</summary>
    public required string Path { get; init; }

    /// <summary>The model asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Whether a stream was asked for.</summary>
    public required bool Stream { get; init; }

    /// <summary>The id of its connection.</summary>
    public required string Connection { get; init; }

    /// <summary>Request headers; empty where records keep none.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The request body; empty where records keep none.</summary>
    public required string Body { get; init; }

    /// <summary>The same as it came; a form is no text.</summary>
    [JsonIgnore]
    public IReadOnlyList<byte> Bytes { get; init; } = [];

    /// <summary>When the whole request had been read.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When the first content had been written; null: never.</summary>
    public DateTimeOffset? FirstContent { get; init; }

    /// <summary>When the last byte had been written; null: none was.</summary>
    public DateTimeOffset? LastWrite { get; init; }

    /// <summary>When it ended; for a cancelled one, when the provider saw the connection close.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How it ended.</summary>
    public required RequestOutcome Outcome { get; init; }

    /// <summary>The status sent; 0: none.</summary>
    public int Status { get; init; }

    /// <summary>Content events of a stream written.</summary>
    public int ContentEvents { get; init; }

    /// <summary>Bytes of the response body written.</summary>
    public long BytesSent { get; init; }

    /// <summary>What it was billed.</summary>
    public TokenCount Billed { get; init; }

    /// <summary>What that costs, USD.</summary>
    public decimal Cost { get; init; }

    /// <summary>From the last write to the moment the provider saw the caller gone; null: not cancelled or nothing written.</summary>
    public TimeSpan? CancelledAfterLastWrite => Outcome == RequestOutcome.Cancelled ? Ended - LastWrite : null;
}
