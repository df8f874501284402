using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Infermux.Testing;

/// <summary>Durations on the control endpoint: a number of milliseconds, or <c>"250ms"</c>, <c>"2s"</c>; written as milliseconds.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.Number
        ? TimeSpan.FromMilliseconds(reader.GetDouble())
        : Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(value.TotalMilliseconds);

    public static TimeSpan Parse(string text)
    {
        var (number, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1d) : text.EndsWith('s') ? (text[..^1], 1000d) : (text, 1d);
        return double.TryParse(number, CultureInfo.InvariantCulture, out var value)
            ? TimeSpan.FromMilliseconds(value * unit)
            : throw new JsonException($"'{text}' is not a duration. Write milliseconds as a number, or \"250ms\" or \"2s\".");
    }
}
