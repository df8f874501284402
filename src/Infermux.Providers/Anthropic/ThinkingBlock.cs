using System.Buffers;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>A thinking block under way: its text as it came, and its signature once it is there.</summary>
internal sealed class ThinkingBlock
{
    /// <summary>A text beyond this is no thinking that anybody sends back.</summary>
    private const int MostBytes = 16 << 20;

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _signature = new();
    private bool _tooLarge;

    /// <summary>The text as the raw bytes of a JSON string.</summary>
    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>Adds the raw bytes of a piece of the text.</summary>
    public void Add(ReadOnlySpan<byte> raw) => Add(_text, raw);

    /// <summary>Adds the raw bytes of the signature.</summary>
    public void Sign(ReadOnlySpan<byte> raw) => Add(_signature, raw);

    /// <summary>The signature; null where there is none to give back.</summary>
    public string? Signature()
    {
        if (_tooLarge || _signature.WrittenCount == 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader([(byte)'"', .. _signature.WrittenSpan, (byte)'"']);
        reader.Read();
        return reader.GetString();
    }

    /// <summary>Writes it as an item of <c>reasoning_details</c>.</summary>
    public void Write(Utf8JsonWriter writer, string markedSignature)
    {
        writer.WriteString("type", "reasoning.text");
        RawText.Write(writer, "text", Text);
        writer.WriteString("signature", markedSignature);
    }

    private void Add(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> raw)
    {
        _tooLarge |= to.WrittenCount + raw.Length > MostBytes;
        if (!_tooLarge)
        {
            to.Write(raw);
        }
    }
}
