using System.Buffers;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;

namespace Infermux.Providers;

/// <summary>
/// Reads one streamed answer and writes the caller's dialect: SSE events with the caller's model name. Any chunking of the same bytes gives the same
/// output. The end (usage chunk and terminal mark) is held back for <see cref="Complete"/>, because only the gateway knows the price.
/// </summary>
public abstract class StreamTranslator
{
    /// <summary>Set once the provider reported an error in the stream, or sent something that is not its dialect.</summary>
    public ProviderFailure? Failure { get; protected set; }

    /// <summary>The last usage the provider reported, cumulative; null until then.</summary>
    public TokenUsage? Usage { get; protected set; }

    /// <summary>Images, seconds, characters or searches that the answer shows or tells so far; null where it does not say, and for chat.</summary>
    public virtual decimal? Units => null;

    /// <summary>The tier the reply names.</summary>
    public string? ServiceTier { get; protected set; }

    /// <summary>Whether the terminal mark was read.</summary>
    public bool Ended { get; protected set; }

    /// <summary>Characters of output so far, reasoning and tool arguments included, for an estimate.</summary>
    public long OutputCharacters { get; protected set; }

    /// <summary>Events with output so far. Providers send a token or more in each, so no fewer tokens were made.</summary>
    public long OutputPieces { get; protected set; }

    /// <summary>Reads bytes as they came and writes whole events to <paramref name="output"/>. Never throws on what a provider sends.</summary>
    public abstract StreamProgress Push(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output);

    /// <summary>
    /// The body ended. A last event without its blank line is read; an end without the terminal mark sets <see cref="Failure"/> to
    /// <see cref="FailureClass.BrokenStream"/>.
    /// </summary>
    public abstract StreamProgress EndOfBody(IBufferWriter<byte> output);

    /// <summary>
    /// Writes the end of an answer that broke after content, where its form depends on what was written before (numbered events, an answer under way).
    /// False: it does not, and the error form of the caller's dialect says it all.
    /// </summary>
    public virtual bool WriteError(string code, string message, string? param, IBufferWriter<byte> output) => false;

    /// <summary>
    /// Writes the clean end: the usage chunk where the caller asked for one, then the terminal mark. <paramref name="infermuxJson"/> is a JSON object that the
    /// usage chunk carries as <c>infermux</c>; <paramref name="usage"/> is what was settled.
    /// </summary>
    public abstract void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output);
}
