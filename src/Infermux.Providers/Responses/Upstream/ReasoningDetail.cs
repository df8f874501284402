using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>An item of type <c>reasoning</c> as one of <c>reasoning_details</c>.</summary>
internal static class ReasoningDetail
{
    /// <summary>Writes its members.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="item">The item, with its <c>encrypted_content</c>.</param>
    /// <param name="before">The call that it stood before, where others came earlier; null else.</param>
    /// <param name="maker">Who made it.</param>
    public static void Write(Utf8JsonWriter writer, JsonElement item, string? before, AttemptTarget maker)
    {
        writer.WriteString("type", "reasoning.encrypted");
        if (item.Text("id") is { } id)
        {
            writer.WriteString("id", id);
        }

        if (before is not null)
        {
            writer.WriteString("before", before);
        }

        writer.WriteStartArray("summary");
        foreach (var part in item.List("summary").Where(static part => part.Text("text") is not null))
        {
            part.GetProperty("text").WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteString("data", OpaqueMark.Add(maker, item.Text("encrypted_content")!));
    }
}
