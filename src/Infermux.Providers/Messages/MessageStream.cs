using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>
/// Says chat chunks as the events of a message. Anthropic's clients expect one open block at a time, so what belongs to a later block waits while a call is
/// open whose arguments are not whole; the reason of the end is held until the usage is known.
/// </summary>
internal sealed class MessageStream(InferenceRequest request, AttemptTarget target) : CallerStream
{
    private readonly MessageEvents _events = new();
    private readonly Queue<WaitingBlock> _waiting = new();
    private readonly HashSet<int> _calls = [];
    private readonly StringBuilder _refusal = new();
    private WaitingBlock? _open;
    private int _index = -1;
    private bool _begun;
    private bool _thought;
    private string? _finish;

    /// <inheritdoc/>
    public override void Chunk(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json, JsonReading.DeepReader);
        using var document = JsonDocument.ParseValue(ref reader);
        var chunk = document.RootElement;
        Begin(chunk.Text("id"), output);
        foreach (var choice in chunk.List("choices").Where(static choice => choice.Count("index") is null or 0))
        {
            Take(choice.Find("delta") ?? default, output);
            _finish = choice.Text("finish_reason") ?? _finish;
        }
    }

    /// <inheritdoc/>
    public override void End(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output)
    {
        Begin(null, output);
        while (_open is not null || _waiting.Count > 0)
        {
            Close(output);
            OpenNext(output);
        }

        _events.End(output, _finish, _refusal.Length > 0 ? _refusal.ToString() : null, _calls.Count > 0, usage, infermuxJson);
    }

    private void Begin(string? id, IBufferWriter<byte> output)
    {
        if (!_begun)
        {
            _begun = true;
            _events.Begin(output, MessageWriter.IdOf(id, target), request.Facts.Model, request.Facts.PromptEstimate);
        }
    }

    private void Take(JsonElement delta, IBufferWriter<byte> output)
    {
        var shown = RawText.Of(delta, delta.Find("reasoning_content") is not null ? "reasoning_content" : "reasoning");
        Say(StreamBlock.Thinking, shown.IsEmpty ? Encoded(ShownThinking.Of(delta)) : shown, output);
        foreach (var item in delta.List("reasoning_details"))
        {
            TakeDetail(item, output);
        }

        Say(StreamBlock.Text, RawText.Of(delta, "content"), output);
        foreach (var part in delta.List("content").Where(static part => part.Text("type") is "text"))
        {
            Say(StreamBlock.Text, RawText.Of(part, "text"), output);
        }

        if (delta.Text("refusal") is { } refusal)
        {
            _refusal.Append(refusal);
        }

        foreach (var call in delta.List("tool_calls"))
        {
            TakeCall(call, output);
        }
    }

    private void Say(StreamBlock kind, ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        if (raw.IsEmpty)
        {
            return;
        }

        _thought |= kind == StreamBlock.Thinking;
        var block = _waiting.Count > 0 ? _waiting.Last() : _open;
        if (block is null || block.Kind != kind || block.Signature is not null)
        {
            block = Add(new WaitingBlock(kind), output);
        }

        Piece(block, raw, output);
    }

    // A signed item ends the thinking that was shown before it. One that was not shown is a block with its own text, which may be empty.
    private void TakeDetail(JsonElement item, IBufferWriter<byte> output)
    {
        if (item.Text("signature") is { Length: > 0 } signature)
        {
            var block = _waiting.Count > 0 ? _waiting.Last() : _open;
            if (block is not { Kind: StreamBlock.Thinking, Signature: null })
            {
                block = Add(new WaitingBlock(StreamBlock.Thinking), output);
                if (!_thought)
                {
                    Piece(block, RawText.Of(item, "text"), output);
                }
            }

            block.Signature = Packed.Marked(signature, target);
            Advance(output);
        }
        else if (item.Text("data") is { Length: > 0 })
        {
            Add(new WaitingBlock(StreamBlock.Redacted, name: Packed.Of(item, target)), output);
        }
    }

    private void TakeCall(JsonElement call, IBufferWriter<byte> output)
    {
        var index = (int)Math.Min(call.Count("index") ?? 0, int.MaxValue);
        var function = call.Find("function") ?? default;
        var block = _open?.Call == index ? _open : _waiting.FirstOrDefault(waiting => waiting.Call == index);
        if (block is null)
        {
            if (!_calls.Add(index))
            {
                return; // a piece for a call that is over: its arguments were whole
            }

            block = Add(new WaitingBlock(StreamBlock.Call, index, ToolIds.ToAnthropic(call.Text("id") ?? MadeCallId.Of(target.RequestId ?? "", 0, index)), function.Text("name") ?? ""), output);
        }

        Piece(block, function.Find("arguments") is { ValueKind: JsonValueKind.Object } whole ? Encoded(whole.GetRawText()) : RawText.Of(function, "arguments"), output);
    }

    /// <summary>Opens a block, or lets it wait behind those before it.</summary>
    private WaitingBlock Add(WaitingBlock block, IBufferWriter<byte> output)
    {
        _waiting.Enqueue(block);
        Advance(output);
        return block;
    }

    private void Piece(WaitingBlock block, ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        if (raw.IsEmpty)
        {
            return;
        }

        if (!ReferenceEquals(block, _open))
        {
            block.Keep(raw);
            return;
        }

        _events.Piece(output, _index, block.Kind, raw);
        block.Wrote(raw);
        Advance(output);
    }

    /// <summary>Goes on to what waits, as far as each block before it has ended.</summary>
    private void Advance(IBufferWriter<byte> output)
    {
        while (_waiting.Count > 0 && (_open is null || _open.MayEnd))
        {
            Close(output);
            OpenNext(output);
        }
    }

    private void OpenNext(IBufferWriter<byte> output)
    {
        if (!_waiting.TryDequeue(out _open))
        {
            return;
        }

        _events.Start(output, ++_index, _open);
        if (!_open.Pieces.IsEmpty)
        {
            _events.Piece(output, _index, _open.Kind, _open.Pieces);
        }
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_open is not { } block)
        {
            return;
        }

        if (block.Kind == StreamBlock.Thinking)
        {
            _events.Sign(output, _index, block.Signature ?? OpaqueMark.Add(target, "")); // of unsigned thinking at least its maker is known
        }

        _events.Stop(output, _index);
        _open = null;
    }

    private static ReadOnlySpan<byte> Encoded(string text) =>
        text.Length == 0 ? default : JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
}
