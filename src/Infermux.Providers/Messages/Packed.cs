using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>
/// An opaque item of the pivot in the one string that a <c>redacted_thinking</c> block has. What an item carries beside its data (whose call it belongs to,
/// its summary) travels inside the marked value, as a JSON object.
/// </summary>
internal static class Packed
{
    /// <summary>The item as the <c>data</c> of a block.</summary>
    /// <param name="item">An item of <c>reasoning_details</c> with <c>data</c>.</param>
    /// <param name="maker">Who made it, where its value has no mark yet.</param>
    public static string Of(JsonElement item, AttemptTarget maker)
    {
        var marked = Marked(item.Text("data") ?? "", maker);
        if (!item.EnumerateObject().Any(static member => member.Name is not ("type" or "data" or "index")) || !OpaqueMark.TryRead(marked, out _, out _, out var value))
        {
            return marked;
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, MessagesCaller.Writing))
        {
            writer.WriteStartObject();
            foreach (var member in item.EnumerateObject().Where(static member => member.Name is not ("data" or "index")))
            {
                writer.WritePropertyName(member.Name);
                writer.WriteRawValue(JsonText.Raw(member.Value), skipInputValidation: true);
            }

            writer.WriteString("data", value);
            writer.WriteEndObject();
        }

        return marked[..^value.Length] + System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Writes the members of the item that a block's <c>data</c> stands for.</summary>
    /// <param name="writer">Stands inside the item's object.</param>
    /// <param name="mark">What is put before the item's value: the mark, or nothing toward a maker that knows none.</param>
    /// <param name="value">The value behind the mark.</param>
    public static void Write(Utf8JsonWriter writer, string mark, string value)
    {
        if (!value.StartsWith('{') || !TryParse(value, out var item))
        {
            writer.WriteString("type", "reasoning.encrypted");
            writer.WriteString("data", mark + value);
            return;
        }

        foreach (var member in item.EnumerateObject().Where(static member => member.Name is not "data"))
        {
            writer.WritePropertyName(member.Name);
            writer.WriteRawValue(JsonText.Raw(member.Value), skipInputValidation: true);
        }

        writer.WriteString("data", mark + item.Text("data"));
    }

    /// <summary>A value with its maker's mark.</summary>
    public static string Marked(string value, AttemptTarget maker) => OpaqueMark.TryRead(value, out _, out _, out _) ? value : OpaqueMark.Add(maker, value);

    private static bool TryParse(string value, out JsonElement item)
    {
        item = default;
        try
        {
            item = JsonSerializer.Deserialize<JsonElement>(value);
            return item.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false; // a value of a maker that happens to begin so
        }
    }
}
