using System.Text.Json;

namespace Infermux.Providers.Pivot;

/// <summary><c>response_format: json_schema</c>.</summary>
/// <param name="Name">Its name, usable as a tool's.</param>
/// <param name="Description">What it is for; null: not said.</param>
/// <param name="Schema">The schema.</param>
internal sealed record AnswerSchema(string Name, string? Description, JsonElement Schema)
{
    /// <summary>Reads it; null where no schema is asked for.</summary>
    public static AnswerSchema? Read(JsonElement request)
    {
        if (request.Find("response_format") is not { } format || format.Text("type") is not "json_schema")
        {
            return null;
        }

        if (format.Find("json_schema") is not { } described || described.Find("schema") is not { ValueKind: JsonValueKind.Object } schema)
        {
            throw new RequestRefusedException("'response_format.json_schema.schema' must be an object.", "response_format.json_schema.schema");
        }

        var name = described.Text("name") ?? "";
        var usable = name.Length is > 0 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        return new AnswerSchema(usable ? name : "answer", described.Text("description"), schema);
    }
}
