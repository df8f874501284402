using System.Collections.ObjectModel;

namespace Infermux.Testing;

/// <summary>How a scripted provider treats one request, or all of them. Immutable; JSON with camel-case names on the control endpoint.</summary>
public sealed record Behaviour
{
    /// <summary>Answers well and at once.</summary>
    public static Behaviour Calm { get; } = new();

    /// <summary>What goes wrong. Default nothing.</summary>
    public Fault Fault { get; init; }

    /// <summary>Content events written before the fault, for the faults that count them. Default 0: before the first content.</summary>
    public int AfterEvents { get; init; }

    /// <summary>What a stall carries. Default nothing.</summary>
    public StallFill Fill { get; init; }

    /// <summary>Between two comments or pings of a stall. Default 100 ms.</summary>
    public TimeSpan FillInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Delay before the response head. Default none.</summary>
    public TimeSpan HeadDelay { get; init; }

    /// <summary>Delay between the head and the first content event. Default none.</summary>
    public TimeSpan FirstContentDelay { get; init; }

    /// <summary>Interval of the content events after the first, kept against drift. Default none.</summary>
    public TimeSpan ChunkInterval { get; init; }

    /// <summary>Answers with this status, the dialect's error body and <see cref="Headers"/> in place of an answer; null: 200.</summary>
    public int? Status { get; init; }

    /// <summary>Extra response headers, such as <c>Retry-After</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>This exact body in place of the dialect's, with <see cref="Status"/> or 200; null: the dialect's.</summary>
    public string? Body { get; init; }

    /// <summary>These exact bytes in place of the dialect's answer, in place of <see cref="Body"/> too; null: none.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; init; }

    /// <summary>Content type of <see cref="Body"/> and <see cref="Bytes"/>. Default <c>application/json</c>.</summary>
    public string BodyType { get; init; } = "application/json";

    /// <summary>Error code (OpenAI) or type (Anthropic) of an error body or event; null: the usual one for the status.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Message of an error body or event; null: one that names the provider.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Share of requests that this applies to, seeded by the provider's options; the others are calm. Default 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>What the answer says.</summary>
    public AnswerScript Answer { get; init; } = new();

    /// <summary>How the bytes travel.</summary>
    public WireShape Wire { get; init; } = new();

    /// <summary>What is said about the usage. Default the truth.</summary>
    public UsageReport Usage { get; init; }

    /// <summary>What a request that did not end well costs. Default by the vendor's rules.</summary>
    public Billing Billing { get; init; }

    /// <summary>Answers every request with an error status.</summary>
    public static Behaviour Fails(int status, string? retryAfter = null, string? code = null, string? message = null) => new()
    {
        Status = status,
        ErrorCode = code,
        ErrorMessage = message,
        Headers = retryAfter is null
            ? ReadOnlyDictionary<string, string>.Empty
            : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Retry-After"] = retryAfter },
    };

    /// <summary>Goes wrong in one way, after this many content events where the fault counts them.</summary>
    public static Behaviour Breaks(Fault fault, int afterEvents = 0) => new() { Fault = fault, AfterEvents = afterEvents };

    /// <summary>Says this text.</summary>
    public static Behaviour Says(string text) => new() { Answer = new AnswerScript { Text = text } };

    /// <summary>Streams <paramref name="chunks"/> stamped pieces, one every <paramref name="interval"/>: the load of a streaming benchmark.</summary>
    public static Behaviour PacedStream(int chunks, TimeSpan interval) => new()
    {
        ChunkInterval = interval,
        Answer = new AnswerScript { Words = chunks, Stamped = true },
    };
}
