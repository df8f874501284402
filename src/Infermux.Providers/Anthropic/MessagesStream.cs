using System.Buffers;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Hands a streamed message on, event by event, with the caller's model name and marked opaque values. The event with the final usage and the terminal mark are
/// held back until the price is known; of several such events the earlier ones go on when a later one comes.
/// </summary>
internal sealed class MessagesStream(InferenceRequest request, AttemptTarget target, DateTimeOffset now) : AnthropicStream(now)
{
    private readonly JsonEdits _edits = new();
    private byte[]? _ending;
    private bool _said;

    /// <inheritdoc/>
    public override void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output)
    {
        var ending = _ending ?? Ending(usage);
        if (!infermuxJson.IsEmpty)
        {
            ending = [.. ending.AsSpan(0, ending.Length - 1), .. ",\"infermux\":"u8, .. infermuxJson, (byte)'}'];
        }

        EventWriter.Write(output, "message_delta"u8, ending);
        EventWriter.Write(output, "message_stop"u8, "{\"type\":\"message_stop\"}"u8);
    }

    /// <inheritdoc/>
    protected override void Begin(JsonElement root, IBufferWriter<byte> output)
    {
        if (root.Find("message")?.Find("model") is { } model)
        {
            _edits.Replace(JsonPlaces.Of(JsonText.Raw(root), model), request.Body.Slice(request.Facts.ModelValue.Start, request.Facts.ModelValue.Length));
        }

        Write(output, "message_start"u8, root);
    }

    /// <inheritdoc/>
    protected override StreamProgress TakeBlock(string type, JsonElement root, IBufferWriter<byte> output)
    {
        var progress = type switch
        {
            "content_block_start" => Start(root.Find("content_block") ?? default, root),
            "content_block_delta" => Delta(root.Find("delta") ?? default, root),
            _ => StreamProgress.Alive,
        };
        Write(output, JsonLiteral.Utf8(type), root);
        return progress;
    }

    /// <inheritdoc/>
    protected override StreamProgress TakeEnding(JsonElement root, IBufferWriter<byte> output)
    {
        if (_ending is { } earlier)
        {
            EventWriter.Write(output, "message_delta"u8, earlier);
        }

        _ending = JsonText.Raw(root).TrimEnd(" \t\r\n"u8).ToArray();
        if (root.Find("delta")?.Text("stop_reason") is not "refusal")
        {
            return StreamProgress.Progress;
        }

        if (!_said && !ModelTraitTable.Find(target.Model).BillsEmptyRefusal)
        {
            BillNothing();
        }

        return StreamProgress.Progress | StreamProgress.Content;
    }

    /// <inheritdoc/>
    protected override StreamProgress TakeOther(JsonElement root, IBufferWriter<byte> output)
    {
        if (Begun && root.Text("type") is { Length: > 0 } type && type.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
        {
            Write(output, JsonLiteral.Utf8(type), root);
        }

        return StreamProgress.Alive;
    }

    private StreamProgress Start(JsonElement block, JsonElement root)
    {
        switch (block.Text("type"))
        {
            case "text":
                return Said(RawText.Of(block, "text"));
            case "thinking":
                Mark(block, "signature", root);
                return Said(RawText.Of(block, "thinking"));
            case "redacted_thinking":
                Mark(block, "data", root);
                return StreamProgress.Progress;
            default: // calls, and blocks of hosted tools
                _said = true;
                return StreamProgress.Progress | StreamProgress.Content;
        }
    }

    private StreamProgress Delta(JsonElement delta, JsonElement root)
    {
        switch (delta.Text("type"))
        {
            case "text_delta":
                return Said(RawText.Of(delta, "text"));
            case "thinking_delta":
                return Said(RawText.Of(delta, "thinking"));
            case "input_json_delta":
                return Said(RawText.Of(delta, "partial_json"));
            case "signature_delta":
                Mark(delta, "signature", root);
                return StreamProgress.Progress;
            default:
                return StreamProgress.Progress;
        }
    }

    private StreamProgress Said(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty)
        {
            return StreamProgress.Alive;
        }

        _said = true;
        OutputCharacters += RawText.Length(raw);
        OutputPieces++;
        return StreamProgress.Progress | StreamProgress.Content;
    }

    private void Mark(JsonElement owner, string member, JsonElement root)
    {
        if (owner.Text(member) is { Length: > 0 } value)
        {
            _edits.Replace(JsonPlaces.Of(JsonText.Raw(root), owner.GetProperty(member)), JsonLiteral.Of(OpaqueMark.Add(target, value)));
        }
    }

    private void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> name, JsonElement root)
    {
        var json = JsonText.Raw(root);
        if (_edits.IsEmpty)
        {
            EventWriter.Write(output, name, json);
            return;
        }

        var edited = new byte[_edits.LengthAfter(json.Length)];
        _edits.Copy(json, edited);
        _edits.Clear();
        EventWriter.Write(output, name, edited);
    }

    private static byte[] Ending(TokenUsage usage) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = "message_delta",
        delta = new { stop_reason = "end_turn", stop_sequence = (string?)null },
        usage = new { output_tokens = usage.Output },
    });
}
