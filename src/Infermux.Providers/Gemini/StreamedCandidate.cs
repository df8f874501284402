using System.Buffers;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>A candidate that is written as chunks while it comes.</summary>
/// <param name="index">Which choice it is.</param>
/// <param name="chunks">Writes the chunks.</param>
/// <param name="target">The maker of its signatures.</param>
internal sealed class StreamedCandidate(int index, ChunkWriter chunks, AttemptTarget target) : Candidate(index)
{
    private IBufferWriter<byte> _output = null!;
    private byte[] _logprobs = [];
    private int _details;

    /// <summary>Pieces of output so far.</summary>
    public long Pieces { get; private set; }

    /// <summary>Takes one element of <c>candidates</c> and writes what it holds.</summary>
    public void Take(JsonElement candidate, string seed, IBufferWriter<byte> output)
    {
        (_output, chunks.Choice) = (output, Index);
        Take(candidate, seed);
        if (_logprobs.Length > 0)
        {
            OnText(default);
        }
    }

    /// <summary>Writes the choice's end.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        chunks.Choice = Index;
        if (Refusal is { } refusal)
        {
            chunks.Refusal(output, refusal);
        }

        chunks.Finish(output, ChatFinish);
    }

    /// <inheritdoc/>
    protected override void OnText(ReadOnlySpan<byte> raw)
    {
        Pieces++;
        chunks.Text(_output, "content", raw, _logprobs);
        _logprobs = [];
    }

    /// <inheritdoc/>
    protected override void OnThought(ReadOnlySpan<byte> raw)
    {
        Pieces++;
        chunks.Text(_output, "reasoning_content", raw);
    }

    /// <inheritdoc/>
    protected override void OnCall(int call, string id, string name, ReadOnlySpan<byte> arguments)
    {
        Pieces++;
        chunks.ToolStart(_output, call, id, name);
        chunks.ToolArguments(_output, call, arguments);
    }

    /// <inheritdoc/>
    protected override void OnSignature(string? call, string signature)
    {
        var marked = OpaqueMark.Add(target, signature);
        chunks.ReasoningDetail(_output, writer =>
        {
            ThoughtSignatures.Write(writer, call, marked);
            writer.WriteNumber("index", _details++);
        });
    }

    /// <inheritdoc/>
    protected override void OnLogprobs(JsonElement result)
    {
        var elements = Logprobs.Elements(result);
        _logprobs = elements.Length == 0 ? [] : [.. "{\"content\":["u8, .. elements, .. "],\"refusal\":null}"u8];
    }
}
