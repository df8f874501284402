using System.Text.Json;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Bedrock;

/// <summary>
/// Translates the content of messages into Converse's blocks. Pictures and documents travel as bytes only; empty and blank texts vanish, they are refused.
/// </summary>
internal sealed class ConverseParts
{
    private readonly DocumentNames _names = new();

    /// <summary>The blocks of <c>content</c>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">Where it stands, for the words of a refusal.</param>
    public List<Block> Of(JsonElement message, string path)
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
                AddAll(blocks, parts, mark, path);
                break;
            default:
                throw new RequestRefusedException($"'{path}.content' must be a text or a list of parts.", $"{path}.content");
        }

        return blocks;
    }

    private void AddAll(List<Block> blocks, JsonElement parts, JsonElement? mark, string path)
    {
        var n = 0;
        string? document = null;
        foreach (var part in parts.EnumerateArray())
        {
            var sent = Add(blocks, part, $"{path}.content[{n++}]");
            document = sent ?? document;
        }

        // A document alone is refused: its name is what the caller said in words.
        if (document is not null && !blocks.Exists(static block => block.Value is not null))
        {
            blocks.Add(Block.OfText(document));
        }

        if (mark is not null && blocks.Count > 0 && blocks[^1].CacheControl is null)
        {
            blocks[^1] = blocks[^1] with { CacheControl = mark };
        }
    }

    /// <summary>Adds one part; the name of a document, else null.</summary>
    private string? Add(List<Block> blocks, JsonElement part, string path)
    {
        var mark = part.Find("cache_control");
        switch (part.Text("type"))
        {
            case "text":
                AddText(blocks, part.Text("text") ?? "", mark);
                return null;
            case "refusal":
                AddText(blocks, part.Text("refusal") ?? "", mark);
                return null;
            case "image_url":
                blocks.Add(Image(part, path) with { CacheControl = mark });
                return null;
            case "file":
                var (block, name) = File(part.Find("file") ?? default, path);
                blocks.Add(block with { CacheControl = mark });
                return name;
            case var type:
                throw Refused($"{path}.type", $"content parts of type '{type}' cannot be sent through Bedrock's Converse; it takes text, image_url and file.");
        }
    }

    private static void AddText(List<Block> blocks, string text, JsonElement? mark)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            blocks.Add(Block.OfText(text, mark));
        }
    }

    private static Block Image(JsonElement part, string path)
    {
        var url = part.Find("image_url") is { ValueKind: JsonValueKind.String } plain ? plain.GetString() : part.Find("image_url")?.Text("url");
        if (!DataUrl.TryRead(url, out var data))
        {
            throw Refused($"{path}.image_url.url", "Bedrock takes images as bytes only; send a base64 data URL.");
        }

        return data.MediaType switch
        {
            "image/jpeg" or "image/jpg" => Media("image", "jpeg", null, data.Base64),
            "image/png" or "image/gif" or "image/webp" => Media("image", data.MediaType["image/".Length..], null, data.Base64),
            _ => throw Refused($"{path}.image_url.url", $"image type '{data.MediaType}' is not taken; use image/jpeg, image/png, image/gif or image/webp."),
        };
    }

    private (Block Block, string Name) File(JsonElement file, string path)
    {
        if (file.Text("file_id") is not null)
        {
            throw Refused($"{path}.file.file_id", "an uploaded file exists only at the provider it was uploaded to; send file_data.");
        }

        if (!DataUrl.TryRead(file.Text("file_data"), out var data))
        {
            throw Refused($"{path}.file.file_data", "a file must be a base64 data URL.");
        }

        var filename = file.Text("filename");
        var format = DocumentFormats.Of(data.MediaType, filename)
            ?? throw Refused($"{path}.file.file_data", $"file type '{data.MediaType}' is not taken; use one of {DocumentFormats.Taken}.");
        var name = _names.Clean(filename);
        return (Media("document", format, name, data.Base64), name);
    }

    private static Block Media(string kind, string format, string? name, string base64) => new(BlockKind.Media, writer =>
    {
        writer.WriteStartObject(kind);
        writer.WriteString("format", format);
        if (name is not null)
        {
            writer.WriteString("name", name);
        }

        writer.WriteStartObject("source");
        writer.WriteString("bytes", base64);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static RequestRefusedException Refused(string path, string why) => new($"'{path}': {why}", path, "unsupported");
}
