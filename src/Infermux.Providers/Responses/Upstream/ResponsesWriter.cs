using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>Writes the Responses request of a plan.</summary>
internal static class ResponsesWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Fields of one name and meaning on both sides.
    private static readonly string[] Alike =
    [
        "parallel_tool_calls", "user", "safety_identifier", "service_tier", "metadata", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "moderation",
    ];

    /// <summary>The body.</summary>
    public static ReadOnlyMemory<byte> Write(ResponsesPlan plan, string model, bool stream)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("model", model);
        if (stream)
        {
            writer.WriteBoolean("stream", true);
        }

        writer.WriteBoolean("store", false);
        writer.WriteStartArray("include");
        writer.WriteStringValue("reasoning.encrypted_content");
        writer.WriteEndArray();
        if (plan.MaxTokens is { } cap)
        {
            writer.WriteNumber("max_output_tokens", cap);
        }

        WriteAlike(writer, plan);
        WriteTools(writer, plan.Request);
        WriteText(writer, plan.Request);
        if (plan.Request.Text("reasoning_effort") is { } effort)
        {
            writer.WriteStartObject("reasoning");
            writer.WriteString("effort", effort);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("input");
        foreach (var item in plan.Items)
        {
            writer.WriteStartObject();
            item(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenMemory;
    }

    private static void WriteAlike(Utf8JsonWriter writer, ResponsesPlan plan)
    {
        foreach (var name in Alike)
        {
            Copy(writer, plan.Request, name);
        }

        if (plan.Samples)
        {
            Copy(writer, plan.Request, "temperature");
            Copy(writer, plan.Request, "top_p");
        }
    }

    private static void WriteText(Utf8JsonWriter writer, JsonElement request)
    {
        var format = request.Find("response_format");
        var verbosity = request.Text("verbosity");
        if (format is null && verbosity is null)
        {
            return;
        }

        writer.WriteStartObject("text");
        if (format is { } given)
        {
            writer.WriteStartObject("format");
            writer.WriteString("type", given.Text("type") ?? "text");
            foreach (var member in given.Find("json_schema") is { ValueKind: JsonValueKind.Object } schema ? schema.EnumerateObject() : default)
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        if (verbosity is not null)
        {
            writer.WriteString("verbosity", verbosity);
        }

        writer.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter writer, JsonElement request)
    {
        writer.WriteStartArray("tools");
        foreach (var tool in request.List("tools"))
        {
            if (tool.Text("type") is "custom" && tool.Find("custom") is { } custom)
            {
                WriteCustom(writer, custom);
            }
            else
            {
                WriteFunction(writer, tool.Find("function") ?? throw new RequestRefusedException(
                    $"A tool of type '{tool.Text("type")}' is not known on chat completions; use function or custom.", "tools", "unsupported"));
            }
        }

        foreach (var function in request.List("functions"))
        {
            WriteFunction(writer, function);
        }

        writer.WriteEndArray();
        if ((request.Find("tool_choice") ?? request.Find("function_call")) is { } choice)
        {
            writer.WritePropertyName("tool_choice");
            WriteChoice(writer, choice);
        }
    }

    // Left out, strict is true here and false in chat.
    private static void WriteFunction(Utf8JsonWriter writer, JsonElement function)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteString("name", function.Text("name"));
        Copy(writer, function, "description");
        if (!Copy(writer, function, "parameters"))
        {
            writer.WritePropertyName("parameters");
            writer.WriteRawValue("""{"type":"object","properties":{}}""");
        }

        writer.WriteBoolean("strict", function.IsTrue("strict"));
        writer.WriteEndObject();
    }

    private static void WriteCustom(Utf8JsonWriter writer, JsonElement custom)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "custom");
        writer.WriteString("name", custom.Text("name"));
        Copy(writer, custom, "description");
        if (custom.Find("format") is { } format)
        {
            writer.WriteStartObject("format");
            writer.WriteString("type", format.Text("type") ?? "text");
            foreach (var member in format.Find("grammar") is { ValueKind: JsonValueKind.Object } grammar ? grammar.EnumerateObject() : default)
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, JsonElement choice)
    {
        if (choice.ValueKind != JsonValueKind.Object)
        {
            choice.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        if (choice.Find("allowed_tools") is { } allowed)
        {
            writer.WriteString("type", "allowed_tools");
            writer.WriteString("mode", allowed.Text("mode") ?? "auto");
            writer.WriteStartArray("tools");
            foreach (var tool in allowed.List("tools"))
            {
                writer.WriteStartObject();
                WriteNamed(writer, tool);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
        else
        {
            WriteNamed(writer, choice);
        }

        writer.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter writer, JsonElement tool)
    {
        writer.WriteString("type", tool.Find("custom") is null ? "function" : "custom");
        writer.WriteString("name", (tool.Find("function") ?? tool.Find("custom"))?.Text("name") ?? tool.Text("name"));
    }

    private static bool Copy(Utf8JsonWriter writer, JsonElement from, string name)
    {
        if (from.Find(name) is not { } value)
        {
            return false;
        }

        writer.WritePropertyName(name);
        value.WriteTo(writer);
        return true;
    }
}
