using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>The <c>response</c> object: the request's own fields said back, what became of it, and its output.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Created">Unix seconds.</param>
internal sealed record ResponseObject(string Id, long Created)
{
    /// <summary><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is incomplete; null where it is not.</summary>
    public string? Reason { get; init; }

    /// <summary>What was used; null while that is not known.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The tier billed, where the provider named one.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>What was said; null: nothing yet.</summary>
    public AnswerItems? Output { get; init; }

    /// <summary>Writes it as an object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="request">The caller's request.</param>
    public void Write(Utf8JsonWriter writer, JsonElement request)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("object", "response");
        writer.WriteNumber("created_at", Created);
        writer.WriteString("status", Status);
        writer.WriteBoolean("background", false);
        writer.WriteNull("error");
        WriteReason(writer);
        Echo(writer, request, "instructions", "null");
        Echo(writer, request, "max_output_tokens", "null");
        Echo(writer, request, "max_tool_calls", "null");
        Echo(writer, request, "model", "null");
        writer.WriteStartArray("output");
        Output?.Write(writer, Status is not "incomplete");
        writer.WriteEndArray();
        Echo(writer, request, "parallel_tool_calls", "true");
        writer.WriteNull("previous_response_id");
        Echo(writer, request, "reasoning", """{"effort":null,"summary":null}""");
        writer.WriteString("service_tier", ServiceTier ?? "default");
        writer.WriteBoolean("store", false);
        Echo(writer, request, "temperature", "null");
        Echo(writer, request, "text", """{"format":{"type":"text"}}""");
        Echo(writer, request, "tool_choice", "\"auto\"");
        Echo(writer, request, "tools", "[]");
        Echo(writer, request, "top_p", "null");
        Echo(writer, request, "truncation", "\"disabled\"");
        if (Usage is { } usage)
        {
            ResponsesUsage.Write(writer, usage);
        }
        else
        {
            writer.WriteNull("usage");
        }

        Echo(writer, request, "user", "null");
        Echo(writer, request, "metadata", "{}");
        writer.WriteEndObject();
    }

    private void WriteReason(Utf8JsonWriter writer)
    {
        if (Reason is null)
        {
            writer.WriteNull("incomplete_details");
            return;
        }

        writer.WriteStartObject("incomplete_details");
        writer.WriteString("reason", Reason);
        writer.WriteEndObject();
    }

    private static void Echo(Utf8JsonWriter writer, JsonElement request, string name, string usual)
    {
        writer.WritePropertyName(name);
        if (request.Find(name) is { } value)
        {
            value.WriteTo(writer);
        }
        else
        {
            writer.WriteRawValue(usual, skipInputValidation: true);
        }
    }
}
