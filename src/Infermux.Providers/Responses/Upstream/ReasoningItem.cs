using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>One item of <c>reasoning_details</c> that a Responses provider made, on its way back to it.</summary>
/// <param name="Before">The id of the call it goes before; null: before whatever the message holds.</param>
/// <param name="Write">Writes the item's members.</param>
internal sealed record ReasoningItem(string? Before, Action<Utf8JsonWriter> Write)
{
    /// <summary>Those of a message that this target made; others are left out and named.</summary>
    public static List<ReasoningItem> Read(JsonElement message, AttemptTarget target, ISet<string> dropped)
    {
        var items = new List<ReasoningItem>();
        foreach (var detail in message.List("reasoning_details"))
        {
            if (detail.Text("type") is "reasoning.summary")
            {
                continue; // only for showing
            }

            if (OpaqueMark.Take(target, detail.Text("data")) is { } value && detail.Text("format") is null)
            {
                items.Add(Of(detail, value));
            }
            else
            {
                dropped.Add("reasoning_details");
            }
        }

        return items;
    }

    private static ReasoningItem Of(JsonElement detail, string value) => new(detail.Text("before"), writer =>
    {
        writer.WriteString("type", "reasoning");
        if (detail.Text("id") is { } id)
        {
            writer.WriteString("id", id);
        }

        writer.WriteStartArray("summary");
        foreach (var text in detail.List("summary").Where(static text => text.ValueKind == JsonValueKind.String))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "summary_text");
            writer.WritePropertyName("text");
            text.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("encrypted_content", value);
    });
}
