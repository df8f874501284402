using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>Tools and which of them is to be called.</summary>
internal sealed class ChatTools(JsonElement request, ChatTarget target, ISet<string> dropped)
{
    /// <summary>Writes <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
    /// <exception cref="RequestRefusedException">A tool is one that Anthropic runs itself, or has no name.</exception>
    public void Write(Utf8JsonWriter writer)
    {
        var tools = request.List("tools").ToList();
        if (tools.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tools");
        foreach (var (n, tool) in tools.Index())
        {
            Write(writer, tool, $"tools[{n}]");
        }

        writer.WriteEndArray();
        WriteChoice(writer);
    }

    private void Write(Utf8JsonWriter writer, JsonElement tool, string path)
    {
        if (tool.Text("type") is { } type and not "custom")
        {
            throw new RequestRefusedException(
                $"'{path}.type' is '{type}', a tool that only Anthropic has; describe it with an input_schema, or route this model to a provider of type 'anthropic'.",
                $"{path}.type", "unsupported");
        }

        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", tool.Text("name") is { Length: > 0 } name ? name : throw new RequestRefusedException($"'{path}' has no name.", $"{path}.name"));
        if (tool.Text("description") is { Length: > 0 } description)
        {
            writer.WriteString("description", description);
        }

        if (tool.Find("input_schema") is { } schema)
        {
            writer.WritePropertyName("parameters");
            writer.WriteRawValue(JsonText.Raw(schema), skipInputValidation: true);
        }

        WriteStrict(writer, tool);
        writer.WriteEndObject();
        if (tool.Find("cache_control") is { } mark)
        {
            WriteMark(writer, mark);
        }

        writer.WriteEndObject();
        NoteDropped(tool);
    }

    private void WriteStrict(Utf8JsonWriter writer, JsonElement tool)
    {
        if (!tool.IsTrue("strict"))
        {
            return;
        }

        if (target.Extended || (tool.Find("input_schema") is { } schema && StrictSchema.Fits(schema)))
        {
            writer.WriteBoolean("strict", true);
        }
        else
        {
            dropped.Add("tools.strict");
        }
    }

    private void WriteMark(Utf8JsonWriter writer, JsonElement mark)
    {
        if (target.Extended)
        {
            writer.WritePropertyName("cache_control");
            mark.WriteTo(writer);
        }
        else
        {
            dropped.Add("cache_control");
        }
    }

    private void NoteDropped(JsonElement tool)
    {
        if (tool.IsTrue("defer_loading"))
        {
            dropped.Add("tools.defer_loading");
        }

        if (tool.List("input_examples").Any())
        {
            dropped.Add("tools.input_examples");
        }
    }

    private void WriteChoice(Utf8JsonWriter writer)
    {
        if (request.Find("tool_choice") is not { } choice)
        {
            return;
        }

        switch (choice.Text("type"))
        {
            case "auto":
                writer.WriteString("tool_choice", "auto");
                break;
            case "any":
                writer.WriteString("tool_choice", "required");
                break;
            case "none":
                writer.WriteString("tool_choice", "none");
                break;
            case "tool" when choice.Text("name") is { Length: > 0 } name:
                writer.WriteStartObject("tool_choice");
                writer.WriteString("type", "function");
                writer.WriteStartObject("function");
                writer.WriteString("name", name);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            default:
                throw new RequestRefusedException("'tool_choice' must be of type auto, any, none, or tool with a name.", "tool_choice");
        }

        if (choice.IsTrue("disable_parallel_tool_use"))
        {
            writer.WriteBoolean("parallel_tool_calls", false);
        }
    }
}
