using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Infermux.Providers.Gemini;

/// <summary>What a call gave, as the object that Gemini wants.</summary>
internal static class ToolResult
{
    private const int ExactDigits = 15; // of an integer that a double holds exactly, as the fields of Google's Struct are doubles

    /// <summary>The part. A text that is a JSON object goes as that object, where nothing of it would be lost; any other under <c>result</c>.</summary>
    /// <param name="id">The caller's id of the call.</param>
    /// <param name="name">The function's name, by which Gemini knows the call.</param>
    /// <param name="text">What it gave.</param>
    /// <param name="failed">Whether the tool failed: then it stands under <c>error</c>.</param>
    public static Part Of(string id, string name, string text, bool failed) => new(PartKind.Result, writer =>
    {
        writer.WriteStartObject("functionResponse");
        writer.WriteString("id", id);
        writer.WriteString("name", name);
        writer.WritePropertyName("response");
        if (!failed && IsPlainObject(text))
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString(failed ? "error" : "result", text);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    private static bool IsPlainObject(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith('{'))
        {
            return false;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.Number && IsLong(reader))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsLong(in Utf8JsonReader number) =>
        (number.HasValueSequence ? number.ValueSequence.ToArray() : number.ValueSpan).Length > ExactDigits;
}
