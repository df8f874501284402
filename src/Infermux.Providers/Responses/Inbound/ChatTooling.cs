using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>Tools and their choice, flat in Responses, as chat nests them.</summary>
internal static class ChatTooling
{
    /// <summary>Writes the members.</summary>
    /// <exception cref="RequestRefusedException">A tool runs at the provider, or is of no kind that chat knows.</exception>
    public static void Write(Utf8JsonWriter writer, JsonElement request, ISet<string> dropped)
    {
        var tools = CallersTools.All(request).ToList();
        if (tools.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tools");
        for (var n = 0; n < tools.Count; n++)
        {
            WriteTool(writer, tools[n].Tool, tools[n].Namespace, string.Create(CultureInfo.InvariantCulture, $"tools[{n}]"), dropped);
        }

        writer.WriteEndArray();
        if (request.Find("tool_choice") is { } choice)
        {
            writer.WritePropertyName("tool_choice");
            WriteChoice(writer, choice);
        }

        if (request.Find("parallel_tool_calls") is { } parallel)
        {
            writer.WritePropertyName("parallel_tool_calls");
            parallel.WriteTo(writer);
        }
    }

    private static void WriteTool(Utf8JsonWriter writer, JsonElement tool, string? space, string path, ISet<string> dropped)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        switch (tool.Text("type"))
        {
            case "function":
                writer.WriteString("name", space is null ? tool.Text("name") : CallersTools.Flat(space, tool.Text("name") ?? ""));
                Copy(writer, tool, "description");
                Copy(writer, tool, "parameters");
                writer.WriteBoolean("strict", tool.Find("strict") is { } said ? said.ValueKind == JsonValueKind.True : IsStrict(tool.Find("parameters")));
                break;
            case "custom" when space is null:
                CustomTools.WriteFunction(writer, tool);
                if (tool.Find("format")?.Find("definition") is not null)
                {
                    dropped.Add("tools.format"); // the grammar goes along in words
                }

                break;
            case var type:
                throw new RequestRefusedException(
                    $"'{path}.type' is '{type}', which runs at a provider that speaks the Responses API; no such provider can answer this. Use function or custom.",
                    $"{path}.type",
                    "unsupported");
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Left out, <c>strict</c> is true in Responses and false in chat; there a schema is made strict, here only one that is already can be promised.</summary>
    private static bool IsStrict(JsonElement? schema)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } given)
        {
            return false;
        }

        foreach (var member in given.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object && member.Name is "items" && !IsStrict(member.Value))
            {
                return false;
            }
        }

        if (given.Find("properties") is not { ValueKind: JsonValueKind.Object } properties)
        {
            return given.Text("type") is not (null or "object");
        }

        var required = given.List("required").Select(static name => name.GetString()).ToHashSet(StringComparer.Ordinal);
        return given.Find("additionalProperties") is { ValueKind: JsonValueKind.False }
            && properties.EnumerateObject().All(property => required.Contains(property.Name) && IsStrict(property.Value));
    }

    private static void WriteChoice(Utf8JsonWriter writer, JsonElement choice)
    {
        if (choice.ValueKind != JsonValueKind.Object)
        {
            choice.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        switch (choice.Text("type"))
        {
            case "function" or "custom":
                WriteNamed(writer, choice);
                break;
            case "allowed_tools":
                writer.WriteString("type", "allowed_tools");
                writer.WriteStartObject("allowed_tools");
                writer.WriteString("mode", choice.Text("mode") ?? "auto");
                writer.WriteStartArray("tools");
                foreach (var tool in choice.List("tools"))
                {
                    writer.WriteStartObject();
                    WriteNamed(writer, tool);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
                break;
            case var type:
                throw new RequestRefusedException(
                    $"'tool_choice.type' is '{type}', which runs at a provider that speaks the Responses API; use a function.", "tool_choice.type", "unsupported");
        }

        writer.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter writer, JsonElement tool)
    {
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", tool.Text("name"));
        writer.WriteEndObject();
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement from, string name)
    {
        if (from.Find(name) is { } value)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }
}
