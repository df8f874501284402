using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Infermux.Providers.Json;

/// <summary>JSON text of single values.</summary>
internal static class JsonLiteral
{
    /// <summary>A string with its quotes, escaping only what must be.</summary>
    public static byte[] Of(string text) => [(byte)'"', .. JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];

    /// <summary>The string whose value is the given UTF-8 text.</summary>
    public static byte[] Of(ReadOnlySpan<byte> utf8) => [(byte)'"', .. JsonEncodedText.Encode(utf8, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];

    /// <summary>Bytes of a text that is ASCII or UTF-8.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
