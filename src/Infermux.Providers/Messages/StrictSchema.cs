using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>OpenAI's <c>strict</c> takes a schema only where every object is closed and requires all it has; Anthropic's own rule asks for the first alone.</summary>
internal static class StrictSchema
{
    /// <summary>Whether the schema can be asked for strictly.</summary>
    public static bool Fits(JsonElement schema) => schema.ValueKind switch
    {
        JsonValueKind.Object => ObjectFits(schema) && schema.EnumerateObject().All(static member => Fits(member.Value)),
        JsonValueKind.Array => schema.EnumerateArray().All(Fits),
        _ => true,
    };

    private static bool ObjectFits(JsonElement schema)
    {
        if (schema.Find("properties") is not { ValueKind: JsonValueKind.Object } properties)
        {
            return true;
        }

        var required = schema.List("required").Where(static name => name.ValueKind == JsonValueKind.String).Select(static name => name.GetString()!).ToHashSet(StringComparer.Ordinal);
        return schema.Find("additionalProperties") is { ValueKind: JsonValueKind.False } && properties.EnumerateObject().All(member => required.Contains(member.Name));
    }
}
