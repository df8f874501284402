using System.Text;
using System.Text.Json;

namespace Infermux.Providers.Anthropic;

/// <summary>Arguments of a call: a text of JSON in OpenAI, an object in Anthropic.</summary>
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

    /// <summary>Writes a result. One text goes as a text, more as a list of blocks, nothing as nothing.</summary>
    public static void WriteResult(Utf8JsonWriter writer, string id, List<Block> content)
    {
        writer.WriteString("type", "tool_result");
        writer.WriteString("tool_use_id", id);
        if (content is [{ Value: { } text }])
        {
            writer.WriteString("content", text);
        }
        else if (content.Count > 0)
        {
            writer.WriteStartArray("content");
            foreach (var block in content)
            {
                writer.WriteStartObject();
                block.Members(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }

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
