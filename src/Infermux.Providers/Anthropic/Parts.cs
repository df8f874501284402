using System.Text;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>Translates the content of one message, a text or a list of parts, into blocks. Empty and blank texts vanish: Anthropic refuses them.</summary>
internal static class Parts
{
    /// <summary>The blocks of <c>content</c>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">Where it stands, for the words of a refusal.</param>
    public static List<Block> Of(JsonElement message, string path)
    {
        var blocks = new List<Block>();
        var mark = message.Find("cache_control");
        switch (message.Find("content"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.String } text:
                AddText(blocks, text.GetString()!, mark);
                break;
            case { ValueKind: JsonValueKind.Array } parts:
                var n = 0;
                foreach (var part in parts.EnumerateArray())
                {
                    Add(blocks, part, $"{path}.content[{n++}]");
                }

                MarkLast(blocks, mark);
                break;
            default:
                throw new RequestRefusedException($"'{path}.content' must be a text or a list of parts.", $"{path}.content");
        }

        return blocks;
    }

    private static void Add(List<Block> blocks, JsonElement part, string path)
    {
        var mark = part.Find("cache_control");
        switch (part.Text("type"))
        {
            case "text":
                AddText(blocks, part.Text("text") ?? "", mark);
                break;
            case "refusal":
                AddText(blocks, part.Text("refusal") ?? "", mark);
                break;
            case "image_url":
                blocks.Add(Image(part, path) with { CacheControl = mark });
                break;
            case "file":
                blocks.Add(File(part, path) with { CacheControl = mark });
                break;
            case var type:
                throw Refused($"{path}.type", $"content parts of type '{type}' cannot be sent to an Anthropic model; it takes text, image_url and file.");
        }
    }

    private static void AddText(List<Block> blocks, string text, JsonElement? mark)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            blocks.Add(Block.OfText(text, mark));
        }
    }

    private static void MarkLast(List<Block> blocks, JsonElement? mark)
    {
        if (mark is not null && blocks.Count > 0 && blocks[^1].CacheControl is null)
        {
            blocks[^1] = blocks[^1] with { CacheControl = mark };
        }
    }

    private static Block Image(JsonElement part, string path)
    {
        var url = part.Find("image_url") is { ValueKind: JsonValueKind.String } plain ? plain.GetString() : part.Find("image_url")?.Text("url");
        if (DataUrl.TryRead(url, out var data))
        {
            var type = data.MediaType is "image/jpg" ? "image/jpeg" : data.MediaType;
            return type is "image/jpeg" or "image/png" or "image/gif" or "image/webp"
                ? Media("image", writer => WriteBase64(writer, type, data.Base64))
                : throw Refused($"{path}.image_url.url", $"image type '{data.MediaType}' is not taken; use image/jpeg, image/png, image/gif or image/webp.");
        }

        return url is not null && (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            ? Media("image", writer => WriteUrl(writer, url))
            : throw Refused($"{path}.image_url.url", "an image must be an https URL or a base64 data URL.");
    }

    private static Block File(JsonElement part, string path)
    {
        var file = part.Find("file") ?? default;
        if (file.Text("file_id") is not null)
        {
            throw Refused($"{path}.file.file_id", "an uploaded file exists only at the provider it was uploaded to; send file_data.");
        }

        var title = file.Text("filename");
        return !DataUrl.TryRead(file.Text("file_data"), out var data) ? throw Refused($"{path}.file.file_data", "a file must be a base64 data URL.")
            : data.MediaType switch
            {
                "application/pdf" => Media("document", writer => WriteBase64(writer, data.MediaType, data.Base64), title),
                "text/plain" => TextFile(Decode(data, path), title),
                _ => throw Refused($"{path}.file.file_data", $"file type '{data.MediaType}' is not taken; use application/pdf or text/plain."),
            };
    }

    private static Block Media(string type, Action<Utf8JsonWriter> source, string? title = null) => new(BlockKind.Media, writer =>
    {
        writer.WriteString("type", type);
        writer.WriteStartObject("source");
        source(writer);
        writer.WriteEndObject();
        if (!string.IsNullOrWhiteSpace(title))
        {
            writer.WriteString("title", title);
        }
    });

    private static void WriteBase64(Utf8JsonWriter writer, string type, string base64)
    {
        writer.WriteString("type", "base64");
        writer.WriteString("media_type", type);
        writer.WriteString("data", base64);
    }

    private static void WriteUrl(Utf8JsonWriter writer, string url)
    {
        writer.WriteString("type", "url");
        writer.WriteString("url", url);
    }

    private static Block TextFile(string text, string? title) => Media(
        "document",
        writer =>
        {
            writer.WriteString("type", "text");
            writer.WriteString("media_type", "text/plain");
            writer.WriteString("data", text);
        },
        title);

    private static string Decode(DataUrl data, string path)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(data.Base64));
        }
        catch (FormatException)
        {
            throw Refused($"{path}.file.file_data", "the data URL is not base64.");
        }
    }

    private static RequestRefusedException Refused(string path, string why) => new($"'{path}': {why}", path, "unsupported");
}
