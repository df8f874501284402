using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>The schema of a tool's input, which must be an object's.</summary>
internal static class InputSchema
{
    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="parameters">As the caller gave it; null: the tool takes nothing.</param>
    /// <param name="strict">Whether calls must follow it, for which only some schemas are taken.</param>
    public static void Write(Utf8JsonWriter writer, JsonElement? parameters, bool strict)
    {
        if (parameters is not { ValueKind: JsonValueKind.Object } schema)
        {
            writer.WriteRawValue("""{"type":"object","properties":{}}"""u8);
        }
        else if (strict)
        {
            SchemaRules.Apply(schema).WriteTo(writer);
        }
        else if (schema.Find("type") is not null)
        {
            schema.WriteTo(writer);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("type", "object");
            foreach (var member in schema.EnumerateObject().Where(static member => !member.NameEquals("type")))
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }
    }
}
