using System.Text;

namespace Infermux.Testing;

/// <summary>One answer of a provider as its bytes, with what it costs.</summary>
/// <param name="Dialect">What it is written in.</param>
/// <param name="Name">Unique in its dialect and form: what it shows, or its file in <c>shared/fixtures</c> with the exchange's number.</param>
/// <param name="Stream">A stream, or a whole answer.</param>
/// <param name="Body">As it arrives.</param>
/// <param name="Micros">
/// Millionths of a USD by hand, at USD per million tokens of 2 fresh, 0.5 read from a cache, 2.5 written to one, and 10 out; null: its usage says nothing, and
/// what it costs is an estimate.
/// </param>
public sealed record Reply(ReplyDialect Dialect, string Name, bool Stream, byte[] Body, decimal? Micros)
{
    /// <summary>The content type that goes with it.</summary>
    public string ContentType => !Stream ? "application/json" : Dialect == ReplyDialect.Bedrock ? "application/vnd.amazon.eventstream" : "text/event-stream";

    /// <summary>The project's own, written from the vendors' documentation so that a plain clone tests every dialect.</summary>
    public static IReadOnlyList<Reply> Own { get; } = [.. ChatReplies.All, .. AnthropicReplies.All, .. GeminiReplies.Priced, .. BedrockReplies.All, .. ResponsesReplies.All];

    /// <inheritdoc/>
    public override string ToString() => $"{Dialect} {Name}, {(Stream ? "streamed" : "whole")}";

    internal static Reply Whole(ReplyDialect dialect, string name, decimal? micros, string body) => new(dialect, name, false, Encoding.UTF8.GetBytes(body), micros);

    internal static Reply Streamed(ReplyDialect dialect, string name, decimal? micros, params IEnumerable<string> events) =>
        new(dialect, name, true, Encoding.UTF8.GetBytes(string.Concat(events)), micros);
}
