using System.Text;
using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>What of a request of Anthropic's dialect becomes tokens: its text, and what its images and documents come to.</summary>
/// <param name="Text">All text, tool definitions included.</param>
/// <param name="MediaTokens">Tokens of images and documents, rounded up.</param>
public sealed record PromptText(string Text, long MediaTokens)
{
    // Anthropic's vision guide: an image is scaled to 1.15 megapixels at most, newer models to 3.6; tokens are pixels / 750.
    private const long Image = 4_784;
    private const long Turn = 8; // roles and marks around each message

    /// <summary>Reads a body that was scanned already.</summary>
    public static PromptText Of(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, JsonReading.Deep);
        var text = new StringBuilder();
        var media = 0L;
        foreach (var name in (ReadOnlySpan<string>)["system", "messages"])
        {
            if (document.RootElement.Find(name) is { } value)
            {
                media += Add(value, text);
            }
        }

        foreach (var tool in document.RootElement.List("tools"))
        {
            text.Append(Encoding.UTF8.GetString(JsonText.Raw(tool))).Append('\n');
        }

        var tools = document.RootElement.List("tools").Any() ? MediaBound.Tools : 0;
        return new PromptText(text.ToString(), media + tools + (Turn * document.RootElement.List("messages").Count()));
    }

    private static long Add(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                text.Append(value.GetString()).Append('\n');
                return 0;
            case JsonValueKind.Array:
                return value.EnumerateArray().Sum(item => Add(item, text));
            case JsonValueKind.Object when value.Text("type") is "image" && IsInlined(value):
                return Image;
            case JsonValueKind.Object when value.Text("type") is "document" && IsInlined(value):
                return value.Find("source")?.Text("data") is { } data ? MediaBound.InlineFile(data.Length) : MediaBound.UnknownFile;
            case JsonValueKind.Object:
                return value.EnumerateObject().Where(static member => member.Name is not ("type" or "role" or "id" or "tool_use_id" or "signature" or "cache_control"))
                    .Sum(member => Add(member.Value, text));
            default:
                return 0;
        }
    }

    private static bool IsInlined(JsonElement block) => block.Find("source") is { } source && source.Text("type") is not ("text" or "content");
}
