using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Bedrock;

/// <summary>One block of reasoning as it comes: its text, and the signature or the hidden content that its maker wants back.</summary>
internal sealed class ReasoningBlock
{
    /// <summary>More is no reasoning but a fault of the provider; such a block is shown and not kept.</summary>
    private const int MaxKept = 16 << 20;

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly StringBuilder _signature = new();
    private readonly ArrayBufferWriter<byte> _redacted = new();
    private bool _tooLong;

    /// <summary>Whether there is something that its maker wants back.</summary>
    public bool IsSigned => !_tooLong && _signature.Length + _redacted.WrittenCount > 0;

    /// <summary>Takes one <c>reasoningContent</c> of a stream; the piece of text to show, as the raw bytes of a JSON string.</summary>
    public ReadOnlySpan<byte> Take(JsonElement content)
    {
        var raw = RawText.Of(content, "text");
        _signature.Append(content.Text("signature"));
        if (content.Find("redactedContent") is { ValueKind: JsonValueKind.String } hidden && hidden.TryGetBytesFromBase64(out var bytes))
        {
            _redacted.Write(bytes);
        }

        _tooLong |= _text.WrittenCount + raw.Length + _signature.Length + _redacted.WrittenCount > MaxKept;
        if (!_tooLong)
        {
            _text.Write(raw);
        }

        return raw;
    }

    /// <summary>Takes one whole <c>reasoningContent</c>.</summary>
    public ReadOnlySpan<byte> TakeWhole(JsonElement content) => Take(content.Find("reasoningText") ?? content);

    /// <summary>Writes the members of its item of <c>reasoning_details</c>.</summary>
    public void Write(Utf8JsonWriter writer, AttemptTarget maker, int index)
    {
        var hidden = _redacted.WrittenCount > 0;
        writer.WriteString("type", hidden ? "reasoning.encrypted" : "reasoning.text");
        if (hidden)
        {
            writer.WriteString("data", OpaqueMark.Add(maker, Convert.ToBase64String(_redacted.WrittenSpan)));
        }
        else
        {
            RawText.Write(writer, "text", _text.WrittenSpan);
            writer.WriteString("signature", OpaqueMark.Add(maker, _signature.ToString()));
        }

        writer.WriteNumber("index", index);
    }
}
