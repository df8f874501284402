using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>
/// Custom tools, whose input is a text, for providers of other dialects: a function with the one field <c>input</c>, and its grammar in words. Its calls come back
/// as calls of a custom tool.
/// </summary>
internal static class CustomTools
{
    /// <summary>Writes the members of the function.</summary>
    public static void WriteFunction(Utf8JsonWriter writer, JsonElement tool)
    {
        writer.WriteString("name", tool.Text("name"));
        writer.WriteString("description", Description(tool));
        writer.WritePropertyName("parameters");
        writer.WriteRawValue("""{"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false}""");
    }

    /// <summary>The arguments of such a function, for an input.</summary>
    public static string Wrap(string input) => $"{{\"input\":{JsonSerializer.Serialize(input)}}}";

    /// <summary>The input in the arguments of such a function; what is no object with it is the input itself.</summary>
    public static string Unwrap(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.Text("input") ?? arguments;
        }
        catch (JsonException) // cut by the output cap
        {
            return arguments;
        }
    }

    private static string Description(JsonElement tool)
    {
        var said = tool.Text("description") ?? "";
        return tool.Find("format") is { } format && format.Text("definition") is { } grammar
            ? $"{said}\nThe input must follow this grammar ({format.Text("syntax")}):\n{grammar}".TrimStart()
            : said;
    }
}
