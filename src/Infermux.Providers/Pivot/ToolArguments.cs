using System.Text;
using System.Text.Json;

namespace Infermux.Providers.Pivot;

/// <summary>Arguments of a call: a text of JSON in chat, an object in other dialects.</summary>
internal static class ToolArguments
{
    /// <summary>The arguments as the JSON text of an object, unchanged where they are one.</summary>
    /// <exception cref="RequestRefusedException">They are none.</exception>
    public static byte[] Read(JsonElement? arguments, string path) => arguments switch
    {
        null => "{}"u8.ToArray(),
        { ValueKind: JsonValueKind.Object } value => Encoding.UTF8.GetBytes(value.GetRawText()),
        { ValueKind: JsonValueKind.String } text when string.IsNullOrWhiteSpace(text.GetString()) => "{}"u8.ToArray(),
        { ValueKind: JsonValueKind.String } text when IsObject(Encoding.UTF8.GetBytes(text.GetString()!)) => Encoding.UTF8.GetBytes(text.GetString()!.Trim()),
        _ => throw new RequestRefusedException($"'{path}.arguments' must be the text of a JSON object.", $"{path}.arguments"),
    };

    private static bool IsObject(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return JsonDocument.TryParseValue(ref reader, out var document) && Is(document) && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }

        static bool Is(JsonDocument document)
        {
            using (document)
            {
                return document.RootElement.ValueKind == JsonValueKind.Object;
            }
        }
    }
}
