using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>Translates the content of one message, a text or a list of parts. Empty texts vanish.</summary>
internal static class Parts
{
    /// <summary>The parts of <c>content</c>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">Where it stands, for the words of a refusal.</param>
    public static List<Part> Of(JsonElement message, string path)
    {
        var parts = new List<Part>();
        switch (message.Find("content"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.String } text:
                AddText(parts, text.GetString()!);
                break;
            case { ValueKind: JsonValueKind.Array } list:
                var n = 0;
                foreach (var part in list.EnumerateArray())
                {
                    Add(parts, part, $"{path}.content[{n++}]");
                }

                break;
            default:
                throw new RequestRefusedException($"'{path}.content' must be a text or a list of parts.", $"{path}.content");
        }

        return parts;
    }

    private static void Add(List<Part> parts, JsonElement part, string path)
    {
        switch (part.Text("type"))
        {
            case "text":
                AddText(parts, part.Text("text") ?? "");
                break;
            case "refusal":
                AddText(parts, part.Text("refusal") ?? "");
                break;
            case "image_url":
                parts.Add(ByUrl(part, "image_url", path));
                break;
            case "video_url":
                parts.Add(ByUrl(part, "video_url", path));
                break;
            case "input_audio":
                parts.Add(Audio(part.Find("input_audio") ?? default, path));
                break;
            case "file":
                parts.Add(File(part.Find("file") ?? default, path));
                break;
            case var type:
                throw Refused(
                    $"{path}.type", $"content parts of type '{type}' cannot be sent to Gemini; it takes text, image_url, video_url, input_audio and file.");
        }
    }

    private static void AddText(List<Part> parts, string text)
    {
        if (text.Length > 0)
        {
            parts.Add(Part.OfText(text));
        }
    }

    private static Part ByUrl(JsonElement part, string member, string path)
    {
        var url = part.Find(member) is { ValueKind: JsonValueKind.String } plain ? plain.GetString() : part.Find(member)?.Text("url");
        return DataUrl.TryRead(url, out var data) ? Part.Inline(MediaTypes.Usual(data.MediaType), data.Base64)
            : IsWeb(url) ? Part.Linked(MediaTypes.OfUrl(url!), url!)
            : throw Refused($"{path}.{member}.url", "it must be an https URL or a base64 data URL.");
    }

    private static Part Audio(JsonElement audio, string path) => (audio.Text("data"), audio.Text("format")) switch
    {
        ({ Length: > 0 } data, { Length: > 0 } format) => Part.Inline(MediaTypes.OfAudio(format), data),
        _ => throw Refused($"{path}.input_audio", "a recording needs data (base64) and its format, such as wav or mp3."),
    };

    private static Part File(JsonElement file, string path)
    {
        if (file.Text("file_id") is not null)
        {
            throw Refused($"{path}.file.file_id", "an uploaded file exists only at the provider it was uploaded to; send file_data.");
        }

        var url = file.Text("file_data");
        return DataUrl.TryRead(url, out var data) ? Part.Inline(MediaTypes.Usual(data.MediaType), data.Base64)
            : IsWeb(url) ? Part.Linked(MediaTypes.OfUrl(url!), url!)
            : throw Refused($"{path}.file.file_data", "a file must be a base64 data URL.");
    }

    private static bool IsWeb(string? url) => url is not null
        && (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase));

    private static RequestRefusedException Refused(string path, string why) => new($"'{path}': {why}", path, "unsupported");
}
