using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>Content blocks as chat content: a text where that says it all, else a list of parts.</summary>
internal sealed class ChatParts(ChatTarget target, ISet<string> dropped)
{
    private const string Follows = "The result follows in the next message.";

    /// <summary>A text block of a bare text.</summary>
    public static JsonElement OfText(JsonElement text) => JsonSerializer.SerializeToElement(new { type = "text", text });

    /// <summary>Whether a block can be said as text: text, a search result, a document that is text.</summary>
    public static bool IsText(JsonElement block) => TextOf(block) is not null;

    /// <summary>Writes <c>content</c>.</summary>
    public void WriteContent(Utf8JsonWriter writer, IReadOnlyList<JsonElement> blocks, string path)
    {
        if (blocks.All(IsText) && (!target.Extended || (blocks.Count == 1 && blocks[0].Find("cache_control") is null)))
        {
            writer.WriteString("content", string.Join('\n', blocks.Select(TextOf)));
            NoteMarks(blocks);
            return;
        }

        WriteParts(writer, blocks, path);
    }

    /// <summary>Writes what the assistant said; its texts are pieces of one, and only a cache mark keeps them apart.</summary>
    public void WriteSaid(Utf8JsonWriter writer, IReadOnlyList<JsonElement> texts)
    {
        if (target.Extended && texts.Any(static text => text.Find("cache_control") is not null))
        {
            WriteParts(writer, texts, "messages");
            return;
        }

        writer.WriteString("content", string.Concat(texts.Select(TextOf)));
        NoteMarks(texts);
    }

    /// <summary>Writes the <c>content</c> of a tool message.</summary>
    public void WriteResult(Utf8JsonWriter writer, List<JsonElement> blocks, string path, bool failed, JsonElement? mark)
    {
        if (mark is { } given)
        {
            WriteMark(writer, given);
        }

        if (target.Extended && !blocks.TrueForAll(IsText))
        {
            WriteParts(writer, blocks, path);
            return;
        }

        NoteMarks(blocks);
        var text = string.Join('\n', blocks.Select(TextOf).OfType<string>());
        text = text.Length == 0 && blocks.Count > 0 ? Follows : text;
        writer.WriteString("content", failed && !target.Extended ? $"Error: {text}" : text);
    }

    private void WriteParts(Utf8JsonWriter writer, IReadOnlyList<JsonElement> blocks, string path)
    {
        writer.WriteStartArray("content");
        foreach (var (n, block) in blocks.Index())
        {
            writer.WriteStartObject();
            WritePart(writer, block, $"{path}[{n}]");
            if (block.Find("cache_control") is { } mark)
            {
                WriteMark(writer, mark);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WritePart(Utf8JsonWriter writer, JsonElement block, string path)
    {
        if (block.Find("citations")?.IsTrue("enabled") ?? false)
        {
            dropped.Add("citations");
        }

        if (TextOf(block) is { } text)
        {
            writer.WriteString("type", "text");
            writer.WriteString("text", text);
            return;
        }

        switch (block.Text("type"))
        {
            case "image":
                WriteImage(writer, block, path);
                break;
            case "document":
                WriteDocument(writer, block, path);
                break;
            case var type:
                throw Refused($"{path}.type", $"content blocks of type '{type}' exist only at Anthropic; send text, image or document.");
        }
    }

    private static void WriteImage(Utf8JsonWriter writer, JsonElement block, string path)
    {
        var source = block.Find("source") ?? default;
        writer.WriteString("type", "image_url");
        writer.WriteStartObject("image_url");
        writer.WriteString("url", source.Text("type") switch
        {
            "base64" => DataUrlOf(source, path),
            "url" when source.Text("url") is { Length: > 0 } url => url,
            _ => throw Refused($"{path}.source", "an image must be base64 or a url; a file exists only at the provider it was uploaded to."),
        });
        writer.WriteEndObject();
    }

    private static void WriteDocument(Utf8JsonWriter writer, JsonElement block, string path)
    {
        var source = block.Find("source") ?? default;
        if (source.Text("type") is not "base64")
        {
            throw Refused($"{path}.source", "a document must be inlined as base64 or text for this provider; it fetches no url and knows no file of another.");
        }

        writer.WriteString("type", "file");
        writer.WriteStartObject("file");
        writer.WriteString("filename", block.Text("title") is { Length: > 0 } title ? title : "document.pdf");
        writer.WriteString("file_data", DataUrlOf(source, path));
        writer.WriteEndObject();
    }

    private static string DataUrlOf(JsonElement source, string path) =>
        source.Text("media_type") is { Length: > 0 } type && source.Text("data") is { } data
            ? $"data:{type};base64,{data}"
            : throw Refused($"{path}.source", "base64 needs a media_type and data.");

    private static string? TextOf(JsonElement block) => block.Text("type") switch
    {
        "text" => block.Text("text") ?? "",
        "search_result" => Titled(block, block.Text("source"), string.Concat(block.List("content").Select(static part => part.Text("text")))),
        "document" when block.Find("source") is { } source && source.Text("type") is "text" => Titled(block, block.Text("context"), source.Text("data") ?? ""),
        "document" when block.Find("source") is { } source && source.Text("type") is "content" && OnlyText(source) is { } text => Titled(block, block.Text("context"), text),
        _ => null,
    };

    private static string? OnlyText(JsonElement source) => source.Text("content")
        ?? (source.List("content").All(static part => part.Text("type") is "text") ? string.Concat(source.List("content").Select(static part => part.Text("text"))) : null);

    private static string Titled(JsonElement block, string? more, string text) =>
        string.Join('\n', new[] { block.Text("title"), more, text }.Where(static line => !string.IsNullOrEmpty(line)));

    private void NoteMarks(IEnumerable<JsonElement> blocks)
    {
        foreach (var block in blocks)
        {
            if (block.Find("cache_control") is not null)
            {
                dropped.Add("cache_control");
            }
        }
    }

    private void WriteMark(Utf8JsonWriter writer, JsonElement mark)
    {
        if (target.Extended)
        {
            writer.WritePropertyName("cache_control");
            writer.WriteRawValue(JsonText.Raw(mark), skipInputValidation: true);
        }
        else
        {
            dropped.Add("cache_control");
        }
    }

    private static RequestRefusedException Refused(string path, string why) => new($"'{path}': {why}", path, "unsupported");
}
