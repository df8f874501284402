using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>Content parts of Responses as those of chat.</summary>
internal static class ChatParts
{
    /// <summary>Writes the member <c>content</c>: a text, or a list of parts.</summary>
    public static void Write(Utf8JsonWriter writer, JsonElement? content, string path)
    {
        if (content is not { ValueKind: JsonValueKind.Array } list)
        {
            writer.WriteString("content", content is { ValueKind: JsonValueKind.String } text ? text.GetString() : "");
            return;
        }

        writer.WriteStartArray("content");
        var n = 0;
        foreach (var part in list.EnumerateArray())
        {
            writer.WriteStartObject();
            WritePart(writer, part, string.Create(CultureInfo.InvariantCulture, $"{path}[{n++}]"));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the parts that are no text as a list of their own.</summary>
    public static void WriteMedia(Utf8JsonWriter writer, JsonElement parts, string path)
    {
        foreach (var part in parts.EnumerateArray().Where(static part => !IsText(part)))
        {
            writer.WriteStartObject();
            WritePart(writer, part, path);
            writer.WriteEndObject();
        }
    }

    /// <summary>The texts alone.</summary>
    public static string Text(JsonElement parts) => string.Join('\n', parts.EnumerateArray().Where(IsText).Select(static part => part.Text("text")));

    private static bool IsText(JsonElement part) => part.Text("type") is "input_text" or "output_text" or "text";

    private static void WritePart(Utf8JsonWriter writer, JsonElement part, string path)
    {
        switch (part.Text("type"))
        {
            case "input_text" or "output_text" or "text":
                writer.WriteString("type", "text");
                writer.WriteString("text", part.Text("text") ?? "");
                CopyMark(writer, part);
                break;
            case "refusal":
                writer.WriteString("type", "text");
                writer.WriteString("text", part.Text("refusal") ?? "");
                break;
            case "input_image" when part.Text("image_url") is { } url:
                writer.WriteString("type", "image_url");
                writer.WriteStartObject("image_url");
                writer.WriteString("url", url);
                if (part.Text("detail") is { } detail)
                {
                    writer.WriteString("detail", detail is "original" ? "high" : detail);
                }

                writer.WriteEndObject();
                CopyMark(writer, part);
                break;
            case "input_file" when part.Text("file_data") is { } data:
                writer.WriteString("type", "file");
                writer.WriteStartObject("file");
                writer.WriteString("file_data", data);
                writer.WriteString("filename", part.Text("filename") ?? "file");
                writer.WriteEndObject();
                CopyMark(writer, part);
                break;
            case "input_audio" when part.Find("input_audio") is { } audio:
                writer.WriteString("type", "input_audio");
                writer.WritePropertyName("input_audio");
                audio.WriteTo(writer);
                break;
            case "input_image" or "input_file" when part.Find("file_id") is not null || part.Find("file_url") is not null:
                throw new RequestRefusedException(
                    $"'{path}' points at a file that this provider cannot reach. Send it inline, as a data URL in 'image_url' or 'file_data'.", path, "unsupported");
            case var type:
                throw new RequestRefusedException($"'{path}.type' is '{type}'; use input_text, input_image or input_file.", $"{path}.type", "unsupported");
        }
    }

    private static void CopyMark(Utf8JsonWriter writer, JsonElement part)
    {
        if (part.Find("cache_control") is { } mark)
        {
            writer.WritePropertyName("cache_control");
            mark.WriteTo(writer);
        }
    }
}
