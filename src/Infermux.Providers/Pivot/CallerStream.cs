using System.Buffers;
using Infermux.Core.Pricing;

namespace Infermux.Providers.Pivot;

/// <summary>Writes one streamed answer in the caller's dialect, chunk by chunk of the pivot.</summary>
internal abstract class CallerStream
{
    /// <summary>Takes one chat chunk, the JSON of one event, and writes the events that follow from it.</summary>
    public abstract void Chunk(ReadOnlySpan<byte> json, IBufferWriter<byte> output);

    /// <summary>Writes the clean end; every chunk has come, that with the usage too.</summary>
    /// <param name="usage">What was settled.</param>
    /// <param name="infermuxJson">A JSON object to be carried as <c>infermux</c> where the dialect has a place for it.</param>
    /// <param name="output">Takes the events.</param>
    public abstract void End(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output);

    /// <summary>As <see cref="StreamTranslator.WriteError"/>.</summary>
    public virtual bool WriteError(string code, string message, string? param, IBufferWriter<byte> output) => false;
}
