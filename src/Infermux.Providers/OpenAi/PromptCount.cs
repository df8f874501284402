using System.Text;
using System.Text.Json;
using Infermux.Providers.Json;

namespace Infermux.Providers.OpenAi;

/// <summary>
/// Counts a prompt while its tokens pass by. The bound starts from every byte of the body (a token is never less than a byte, and a message's own tokens are
/// fewer than the bytes of its JSON), leaves out inlined images, files and recordings, which are not text, and adds the most each can be billed as.
/// </summary>
internal struct PromptCount
{
    private enum Media
    {
        None,
        Image,
        Video,
        File,
        Audio,
    }

    private long _notText;
    private long _media;
    private long _textChars;
    private Media _awaited; // the property just read names media; its value comes next
    private Media _open;    // inside the object of such a property
    private int _openDepth;
    private bool _openLowDetail;
    private long _openBytes;
    private bool _atText;
    private bool _atPayload;
    private bool _atDetail;

    /// <summary>Most tokens the prompt can be.</summary>
    public readonly long Bound(int bodyLength) => bodyLength - _notText + _media;

    /// <summary>One token for each 4 characters.</summary>
    public readonly long Estimate => (_textChars + 3) / 4;

    /// <summary>Tool definitions: their JSON counts as text.</summary>
    public void AddTools(long bytes)
    {
        _textChars += bytes;
        _media += MediaBound.Tools;
    }

    /// <summary>A token of a completion prompt or an embedding input: a text, or a token id.</summary>
    public void ReadPlain(in Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            _textChars += JsonText.CharCount(reader.ValueSpan, reader.ValueIsEscaped);
        }
        else if (reader.TokenType == JsonTokenType.Number)
        {
            _textChars += 4;
        }
    }

    /// <summary>A token inside <c>messages</c>.</summary>
    public void Read(in Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                ReadName(reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan);
                return;
            case JsonTokenType.StartObject when _awaited != Media.None && _open == Media.None:
                (_open, _openDepth, _openLowDetail, _openBytes) = (_awaited, reader.CurrentDepth, false, 0);
                break;
            case JsonTokenType.EndObject when _open != Media.None && reader.CurrentDepth == _openDepth:
                _media += Most(_open, _openBytes, _openLowDetail);
                _open = Media.None;
                break;
            case JsonTokenType.String:
                ReadString(reader);
                break;
            default:
                break;
        }

        _awaited = Media.None;
    }

    private void ReadName(ReadOnlySpan<byte> name)
    {
        _atPayload = name.SequenceEqual("url"u8) || name.SequenceEqual("data"u8) || name.SequenceEqual("file_data"u8);
        _atDetail = name.SequenceEqual("detail"u8);
        _atText = !_atDetail && !name.SequenceEqual("role"u8) && !name.SequenceEqual("type"u8) && !name.SequenceEqual("id"u8) && !name.SequenceEqual("tool_call_id"u8);
        _awaited = name.Length switch // in any case: a server written in Go would take them
        {
            4 when Ascii.EqualsIgnoreCase(name, "file"u8) => Media.File,
            7 when Ascii.EqualsIgnoreCase(name, "file_id"u8) => Media.File, // flat, as Responses has them
            8 when Ascii.EqualsIgnoreCase(name, "file_url"u8) => Media.File,
            9 when Ascii.EqualsIgnoreCase(name, "file_data"u8) => Media.File,
            9 when Ascii.EqualsIgnoreCase(name, "image_url"u8) => Media.Image,
            9 when Ascii.EqualsIgnoreCase(name, "video_url"u8) => Media.Video,
            11 when Ascii.EqualsIgnoreCase(name, "input_audio"u8) => Media.Audio,
            _ => Media.None,
        };
    }

    private void ReadString(in Utf8JsonReader reader)
    {
        var value = reader.ValueSpan;
        if (_open != Media.None)
        {
            _openLowDetail |= _atDetail && value.SequenceEqual("low"u8);
            if (_atPayload && IsInline(_open, value))
            {
                _openBytes += value.Length;
                _notText += value.Length;
            }
        }
        else if (_awaited != Media.None)
        {
            var inline = IsInline(_awaited, value) ? value.Length : 0;
            _notText += inline;
            _media += Most(_awaited, inline, lowDetail: false);
        }
        else if (_atText)
        {
            _textChars += JsonText.CharCount(value, reader.ValueIsEscaped);
        }
    }

    private static bool IsInline(Media kind, ReadOnlySpan<byte> value) => kind == Media.Audio || value.StartsWith("data:"u8);

    private static long Most(Media kind, long inline, bool lowDetail) => kind switch
    {
        Media.Image => lowDetail ? MediaBound.LowDetailImage : MediaBound.Image,
        Media.Audio => MediaBound.Audio(inline),
        _ => inline > 0 ? MediaBound.InlineFile(inline) : MediaBound.UnknownFile,
    };
}
