using System.Text.Json;
using Infermux.Providers.Json;

namespace Infermux.Providers.OpenAi;

/// <summary>
/// Counts a prompt of Anthropic's dialect while its tokens pass by. Like <see cref="PromptCount"/> the bound starts from every byte of the body, leaves out
/// what is inlined in a <c>source</c> and is no text, and adds the most each image and document can be billed as.
/// </summary>
internal struct BlockCount
{
    private enum Kind
    {
        Unknown,
        Image,
        Document,
        Text,
    }

    private enum Name
    {
        Text,
        Type,
        MediaType,
        Data,
        Source,
        NotText,
    }

    private long _notText;
    private long _media;
    private long _textChars;
    private Name _name;
    private Kind _block;     // of the last block that named itself an image or document
    private int _blockDepth; // of its members; 0: none
    private int _sourceDepth; // of the source under way; 0: none
    private Kind _source;
    private long _payload;
    private bool _isText;

    /// <summary>Most tokens the prompt can be.</summary>
    public readonly long Bound(int bodyLength) => bodyLength - _notText + _media;

    /// <summary>One token for each 4 characters of text.</summary>
    public readonly long Estimate => (_textChars + 3) / 4;

    /// <summary>Tool definitions: their JSON counts as text.</summary>
    public void AddTools(long bytes)
    {
        _textChars += bytes;
        _media += MediaBound.Tools;
    }

    /// <summary>A token anywhere in the request but in <c>tools</c>.</summary>
    public void Read(in Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _name = NameOf(reader);
                return;
            case JsonTokenType.StartObject when _name == Name.Source:
                _source = _blockDepth == reader.CurrentDepth ? _block : Kind.Unknown;
                (_sourceDepth, _payload, _isText) = (reader.CurrentDepth, 0, false);
                break;
            case JsonTokenType.StartObject when _blockDepth == reader.CurrentDepth + 1:
                _blockDepth = 0; // the block that named itself was the one before
                break;
            case JsonTokenType.EndObject when _sourceDepth > 0 && reader.CurrentDepth == _sourceDepth:
                EndSource();
                break;
            case JsonTokenType.String:
                ReadString(reader);
                break;
            default:
                break;
        }

        _name = Name.Text;
    }

    private void ReadString(in Utf8JsonReader reader)
    {
        var inSource = _sourceDepth > 0 && reader.CurrentDepth == _sourceDepth + 1;
        switch (_name)
        {
            case Name.Type when inSource:
                _isText |= reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("content"u8);
                break;
            case Name.Type when KindOf(reader) is var kind and not Kind.Unknown:
                (_block, _blockDepth) = (kind, reader.CurrentDepth);
                break;
            case Name.MediaType when inSource:
                _isText |= reader.ValueTextEquals("text/plain"u8);
                _source = reader.ValueSpan.StartsWith("image/"u8) ? Kind.Image : _source == Kind.Unknown ? Kind.Document : _source;
                break;
            case Name.Data when inSource:
                _payload += reader.ValueSpan.Length;
                break;
            case Name.Text:
                _textChars += JsonText.CharCount(reader.ValueSpan, reader.ValueIsEscaped);
                break;
            default:
                break;
        }
    }

    private void EndSource()
    {
        if (_isText)
        {
            _textChars += _payload;
        }
        else
        {
            _notText += _payload;
            _media += _source == Kind.Image ? MediaBound.Image : _payload > 0 ? MediaBound.InlineFile(_payload) : MediaBound.UnknownFile;
        }

        _sourceDepth = 0;
    }

    private static Kind KindOf(in Utf8JsonReader reader) =>
        reader.ValueTextEquals("image"u8) ? Kind.Image : reader.ValueTextEquals("document"u8) ? Kind.Document : Kind.Unknown;

    // The first letter decides which names are worth comparing.
    private static Name NameOf(in Utf8JsonReader reader) => reader.ValueSpan is not [var first, ..] ? Name.Text : first switch
    {
        (byte)'t' => reader.ValueTextEquals("type"u8) ? Name.Type : reader.ValueTextEquals("tool_use_id"u8) ? Name.NotText : Name.Text,
        (byte)'m' => reader.ValueTextEquals("media_type"u8) ? Name.MediaType : Name.Text,
        (byte)'d' => reader.ValueTextEquals("data"u8) ? Name.Data : Name.Text,
        (byte)'s' => reader.ValueTextEquals("source"u8) ? Name.Source : reader.ValueTextEquals("signature"u8) ? Name.NotText : Name.Text,
        (byte)'i' => reader.ValueTextEquals("id"u8) ? Name.NotText : Name.Text,
        (byte)'r' => reader.ValueTextEquals("role"u8) ? Name.NotText : Name.Text,
        _ => reader.ValueIsEscaped ? Escaped(reader) : Name.Text,
    };

    private static Name Escaped(in Utf8JsonReader reader) => reader.ValueTextEquals("source"u8) ? Name.Source : reader.ValueTextEquals("data"u8) ? Name.Data : Name.Text;
}
