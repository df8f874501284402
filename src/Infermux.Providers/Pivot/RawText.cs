using System.Runtime.InteropServices;
using System.Text.Json;
using Infermux.Providers.Json;

namespace Infermux.Providers.Pivot;

/// <summary>
/// JSON strings carried over as they were written, escapes included: a provider may cut a stream between the two halves of a surrogate pair, and each
/// half alone is no text that could be read and written again.
/// </summary>
internal static class RawText
{
    /// <summary>The bytes between the quotes; empty where the member is no string.</summary>
    public static ReadOnlySpan<byte> Of(JsonElement element, string name) => element.Find(name) is { ValueKind: JsonValueKind.String } value
        ? JsonMarshal.GetRawUtf8Value(value)[1..^1]
        : default;

    /// <summary>Characters of the text.</summary>
    public static int Length(ReadOnlySpan<byte> raw) => JsonText.CharCount(raw, raw.Contains((byte)'\\'));

    /// <summary>Writes it as a member.</summary>
    public static void Write(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> raw)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue([(byte)'"', .. raw, (byte)'"'], skipInputValidation: true);
    }
}
