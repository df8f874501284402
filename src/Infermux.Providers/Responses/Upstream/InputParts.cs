using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>Content parts of chat as those of Responses.</summary>
internal static class InputParts
{
    /// <summary>The parts of a message; a text is one part, nothing is none.</summary>
    /// <param name="message">The message.</param>
    /// <param name="textType">What a text is called: <c>input_text</c>, or <c>output_text</c> where the model said it.</param>
    /// <param name="path">Where it lies, for refusals.</param>
    public static List<Action<Utf8JsonWriter>> Of(JsonElement message, string textType, string path)
    {
        if (message.Find("content") is { ValueKind: JsonValueKind.String } text)
        {
            return text.ValueEquals("") && textType is "output_text" ? [] : [writer => Text(writer, textType, text)];
        }

        var n = 0;
        return [.. message.List("content").Select(part => Part(part, textType, string.Create(CultureInfo.InvariantCulture, $"{path}.content[{n++}]")))];
    }

    /// <summary>Writes them as a list.</summary>
    public static void Write(Utf8JsonWriter writer, string name, IEnumerable<Action<Utf8JsonWriter>> parts)
    {
        writer.WriteStartArray(name);
        foreach (var part in parts)
        {
            writer.WriteStartObject();
            part(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static Action<Utf8JsonWriter> Part(JsonElement part, string textType, string path) => part.Text("type") switch
    {
        "text" when part.Find("text") is { } text => writer => WithBreakpoint(writer, part, () => Text(writer, textType, text)),
        "refusal" => writer =>
        {
            writer.WriteString("type", "refusal");
            writer.WriteString("refusal", part.Text("refusal"));
        }
        ,
        "image_url" => writer => WithBreakpoint(writer, part, () =>
        {
            var image = part.Find("image_url") ?? default;
            writer.WriteString("type", "input_image");
            writer.WriteString("image_url", image.ValueKind == JsonValueKind.String ? image.GetString() : image.Text("url"));
            writer.WriteString("detail", image.Text("detail") ?? "auto");
        }),
        "file" => writer => WithBreakpoint(writer, part, () =>
        {
            writer.WriteString("type", "input_file");
            foreach (var member in part.Find("file") is { ValueKind: JsonValueKind.Object } file ? file.EnumerateObject() : default)
            {
                member.WriteTo(writer);
            }
        }),
        "input_audio" => writer =>
        {
            writer.WriteString("type", "input_audio");
            writer.WritePropertyName("input_audio");
            (part.Find("input_audio") ?? default).WriteTo(writer);
        }
        ,
        var type => throw new RequestRefusedException($"'{path}.type' is '{type}'; use text, image_url, file or input_audio.", $"{path}.type", "unsupported"),
    };

    private static void Text(Utf8JsonWriter writer, string type, JsonElement text)
    {
        writer.WriteString("type", type);
        writer.WritePropertyName("text");
        text.WriteTo(writer);
    }

    private static void WithBreakpoint(Utf8JsonWriter writer, JsonElement part, Action members)
    {
        members();
        if (part.Find("prompt_cache_breakpoint") is { } mark)
        {
            writer.WritePropertyName("prompt_cache_breakpoint");
            mark.WriteTo(writer);
        }
    }
}
