using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Infermux.Providers.Json;

/// <summary>Facts about the raw bytes of a JSON string (without its quotes), found without unescaping it.</summary>
internal static class JsonText
{
    /// <summary>The bytes of an element as they were parsed.</summary>
    public static ReadOnlySpan<byte> Raw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element);

    /// <summary>UTF-16 characters of the string's value.</summary>
    public static int CharCount(ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped)
        {
            return Encoding.UTF8.GetCharCount(raw);
        }

        var count = 0;
        for (var at = raw.IndexOf((byte)'\\'); at >= 0; at = raw.IndexOf((byte)'\\'))
        {
            count += Encoding.UTF8.GetCharCount(raw[..at]) + 1;
            raw = raw[Math.Min(raw.Length, at + (raw[at + 1] == (byte)'u' ? 6 : 2))..];
        }

        return count + Encoding.UTF8.GetCharCount(raw);
    }

    /// <summary>A JSON value without the blanks between its tokens, as the raw bytes of a string that holds it.</summary>
    public static byte[] AsString(ReadOnlySpan<byte> json)
    {
        var text = new byte[json.Length * 2];
        var length = 0;
        var (quoted, escaped) = (false, false);
        foreach (var next in json)
        {
            if (!quoted && next is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            if (next is (byte)'"' or (byte)'\\')
            {
                text[length++] = (byte)'\\';
            }

            text[length++] = next;
            quoted ^= next == (byte)'"' && !escaped;
            escaped = quoted && next == (byte)'\\' && !escaped;
        }

        return text[..length];
    }

    /// <summary>Whether a <c>\u</c> escape names half of a surrogate pair without the other half: no text, and no two parsers agree on it.</summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOf("\\ud"u8) < 0 && raw.IndexOf("\\uD"u8) < 0)
        {
            return false;
        }

        for (var at = raw.IndexOf((byte)'\\'); at >= 0; at = raw.IndexOf((byte)'\\'))
        {
            raw = raw[at..];
            var length = EscapeLength(raw);
            if (length == 0)
            {
                return true;
            }

            raw = raw[length..];
        }

        return false;
    }

    /// <summary>Bytes of the escape that <paramref name="raw"/> begins with, a pair counted whole; 0 for half a pair.</summary>
    private static int EscapeLength(ReadOnlySpan<byte> raw) => Unit(raw) switch
    {
        < 0 => 2,
        >= 0xDC00 and <= 0xDFFF => 0,
        >= 0xD800 and <= 0xDBFF => raw.Length > 6 && Unit(raw[6..]) is >= 0xDC00 and <= 0xDFFF ? 12 : 0,
        _ => 6,
    };

    private static int Unit(ReadOnlySpan<byte> raw) =>
        raw.Length >= 6 && raw[0] == (byte)'\\' && raw[1] == (byte)'u'
        && int.TryParse(raw.Slice(2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit)
            ? unit
            : -1;
}
