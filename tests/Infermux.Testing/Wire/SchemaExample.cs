using System.Text.Json;

namespace Infermux.Testing;

/// <summary>A small value that is valid under a JSON schema of the kind that tools and structured outputs use.</summary>
internal static class SchemaExample
{
    /// <summary>The example as JSON. Every declared property is present; deep or recursive schemas end in null after 16 levels.</summary>
    public static string For(JsonElement schema) => Value(schema, schema, 0);

    private static string Value(JsonElement schema, JsonElement root, int depth)
    {
        if (depth > 16 || schema.ValueKind != JsonValueKind.Object)
        {
            return "null";
        }

        if (schema.String("$ref") is { } reference)
        {
            return Value(Resolve(root, reference), root, depth + 1);
        }

        if (schema.Member("const") is { } constant)
        {
            return constant.GetRawText();
        }

        foreach (var list in (ReadOnlySpan<string>)["enum", "examples"])
        {
            if (schema.Items(list).ToList() is [var first, ..])
            {
                return first.GetRawText();
            }
        }

        foreach (var choice in (ReadOnlySpan<string>)["anyOf", "oneOf", "allOf"])
        {
            if (schema.Items(choice).ToList() is [var first, ..])
            {
                return Value(first, root, depth + 1);
            }
        }

        return Type(schema) switch
        {
            "object" => Object(schema, root, depth),
            "array" => schema.Member("items") is { } items ? $"[{Value(items, root, depth + 1)}]" : "[]",
            "string" => Json.Text(schema.String("format") is "date" ? "2026-01-31" : "example"),
            "integer" or "number" => schema.Member("minimum")?.GetRawText() ?? "1",
            "boolean" => "true",
            _ => "null",
        };
    }

    private static string Object(JsonElement schema, JsonElement root, int depth)
    {
        if (schema.Member("properties") is not { } properties)
        {
            return "{}";
        }

        var members = properties.EnumerateObject().Select(property => $"{Json.Text(property.Name)}:{Value(property.Value, root, depth + 1)}");
        return $"{{{string.Join(',', members)}}}";
    }

    private static string? Type(JsonElement schema) => schema.Member("type") switch
    {
        { ValueKind: JsonValueKind.String } type => type.GetString(),
        { ValueKind: JsonValueKind.Array } types => types.EnumerateArray().First().GetString(),
        _ => schema.Member("properties") is null ? null : "object",
    };

    private static JsonElement Resolve(JsonElement root, string reference) =>
        reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(root, static (at, name) => at.Member(name) ?? default);
}
