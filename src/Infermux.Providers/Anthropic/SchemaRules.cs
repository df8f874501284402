using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Makes a JSON schema one that <c>output_config.format</c> takes: closed objects, <c>anyOf</c> for <c>oneOf</c>, known formats, none of the limits on
/// values. What is taken out moves into <c>description</c>, where the model still reads it.
/// </summary>
internal static class SchemaRules
{
    private static readonly HashSet<string> Formats = new(StringComparer.Ordinal)
    {
        "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid",
    };

    private static readonly string[] Limits =
    [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "maxItems", "uniqueItems",
        "minProperties", "maxProperties",
    ];

    /// <summary>The schema as it is sent.</summary>
    public static JsonNode Apply(JsonElement schema) => Apply(JsonObject.Create(schema) ?? []);

    private static JsonObject Apply(JsonObject schema)
    {
        var removed = new List<string>();
        foreach (var limit in Limits)
        {
            Remove(schema, limit, removed);
        }

        if (Number(schema["minItems"]) > 1)
        {
            Remove(schema, "minItems", removed);
        }

        if (schema["format"] is JsonValue format && !(format.TryGetValue<string>(out var known) && Formats.Contains(known)))
        {
            Remove(schema, "format", removed);
        }

        if (schema["oneOf"] is JsonArray choices && !schema.ContainsKey("anyOf"))
        {
            schema.Remove("oneOf");
            schema["anyOf"] = choices;
        }

        if (IsObject(schema))
        {
            schema["additionalProperties"] = false;
        }

        Describe(schema, removed);
        Descend(schema);
        return schema;
    }

    private static void Descend(JsonObject schema)
    {
        foreach (var name in (ReadOnlySpan<string>)["properties", "$defs", "definitions"])
        {
            foreach (var member in (schema[name] as JsonObject)?.Select(static pair => pair.Value).OfType<JsonObject>().ToList() ?? [])
            {
                Apply(member);
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["anyOf", "allOf", "prefixItems"])
        {
            foreach (var item in (schema[name] as JsonArray)?.OfType<JsonObject>().ToList() ?? [])
            {
                Apply(item);
            }
        }

        if (schema["items"] is JsonObject items)
        {
            Apply(items);
        }
    }

    private static bool IsObject(JsonObject schema) => schema.ContainsKey("properties") || schema["type"] switch
    {
        JsonValue type => type.TryGetValue<string>(out var name) && name is "object",
        JsonArray types => types.Any(static type => type is JsonValue value && value.TryGetValue<string>(out var name) && name is "object"),
        _ => false,
    };

    private static void Remove(JsonObject schema, string name, List<string> removed)
    {
        if (schema[name] is { } value)
        {
            removed.Add($"{name}: {value.ToJsonString()}");
            schema.Remove(name);
        }
    }

    private static void Describe(JsonObject schema, List<string> removed)
    {
        if (removed.Count > 0)
        {
            var said = schema["description"] is JsonValue value && value.TryGetValue<string>(out var text) ? text + "\n\n" : "";
            schema["description"] = $"{said}{{{string.Join(", ", removed)}}}";
        }
    }

    private static double? Number(JsonNode? node) =>
        node is JsonValue value && double.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var number) ? number : null;
}
