using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;
using Infermux.Providers.Responses.Upstream;

namespace Infermux.Providers;

/// <summary>One inbound request as it was read: its bytes, and what was found in them.</summary>
/// <param name="Operation">Which path it came in by.</param>
/// <param name="Body">The caller's JSON, unchanged. Valid until the request ends.</param>
/// <param name="Facts">What was found in it.</param>
public sealed record InferenceRequest(Operation Operation, ReadOnlyMemory<byte> Body, RequestFacts Facts)
{
    /// <summary>The headers of Anthropic's that came with it; null where it came in by another dialect.</summary>
    public AnthropicHeaders? Anthropic { get; init; }

    /// <summary>How it was said in chat for the attempt under way; null where it is chat itself. Attempts follow one another, so one is kept.</summary>
    internal ChatForm? Chat { get; set; }

    /// <summary>How a chat request goes out for the attempt under way; null while nobody asked, or where there is nothing to decide.</summary>
    internal UpstreamForm? Upstream { get; set; }

    /// <summary>What is asked of it again after it was written for the attempt under way; null while it was not, or where its dialect keeps nothing.</summary>
    internal SentNote? Sent { get; set; }

    /// <summary>The caller's model as it is written in an answer: with the caller's own escapes, where the body has it.</summary>
    internal ReadOnlyMemory<byte> CallersModel => Facts.ModelValue is { Exists: true } at ? Body.Slice(at.Start, at.Length) : JsonLiteral.Of(Facts.Model);

    /// <summary>The body as a tree. It was scanned, so it is JSON, and as deep as <c>limits.max_json_depth</c> allows, which readers by themselves do not.</summary>
    internal JsonDocument Parse() => JsonDocument.Parse(Body, JsonReading.Deep);

    /// <summary>The note of the attempt at this target; null where there is none.</summary>
    internal SentNote? NoteFor(AttemptTarget target) => ReferenceEquals(Sent?.Target, target) ? Sent : null;
}
