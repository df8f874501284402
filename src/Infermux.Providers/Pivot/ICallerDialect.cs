using System.Buffers;

namespace Infermux.Providers.Pivot;

/// <summary>
/// One inbound wire dialect other than OpenAI's chat, seen from the pivot (decision 0018): the caller's request said as chat, and the chat answer said as the
/// caller expects it. Stateless and shared; what one stream needs lives in its <see cref="CallerStream"/>.
/// </summary>
internal interface ICallerDialect
{
    /// <summary>Writes the caller's request as a chat request: its model name, stream mode and output cap included.</summary>
    /// <param name="request">What came in.</param>
    /// <param name="target">Where it goes; opaque values are unmarked or removed for it.</param>
    /// <param name="extended">Whether the target reads the pivot's extensions; where false, only what OpenAI's own chat has is written.</param>
    /// <param name="chat">Takes the body.</param>
    /// <param name="dropped">Takes the caller's names of fields that were left out or weakened.</param>
    /// <exception cref="RequestRefusedException">The request cannot be said in chat.</exception>
    void WriteChat(InferenceRequest request, AttemptTarget target, bool extended, IBufferWriter<byte> chat, ICollection<string> dropped);

    /// <summary>Writes a whole chat answer as the caller expects it.</summary>
    /// <param name="request">What came in.</param>
    /// <param name="target">Who answered.</param>
    /// <param name="chat">The answer as an upstream dialect wrote it: valid chat, the caller's model name in it.</param>
    /// <param name="output">Takes the caller's body.</param>
    void WriteAnswer(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> chat, IBufferWriter<byte> output);

    /// <summary>Starts a streamed answer.</summary>
    CallerStream CreateStream(InferenceRequest request, AttemptTarget target);
}
