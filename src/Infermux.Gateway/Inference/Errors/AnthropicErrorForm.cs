using System.Buffers;
using System.Text.Json;
using Infermux.Gateway.Requests;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>Anthropic's: <c>{"type": "error", "error": {...}, "request_id": ...}</c> as a body and as an event, pings as signs of life.</summary>
internal sealed class AnthropicErrorForm : ErrorForm
{
    public static AnthropicErrorForm Instance { get; } = new();

    public override ReadOnlySpan<byte> Heartbeat => "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8;

    public override void WriteEvent(IBufferWriter<byte> output, Refusal refusal, RequestRecord record)
    {
        output.Write("event: error\ndata: "u8);
        WriteBody(output, refusal, record);
        output.Write("\n\n"u8);
    }

    public override void WriteBody(IBufferWriter<byte> output, Refusal refusal, RequestRecord record)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, TypeOf(refusal.Status, refusal.Code));
        json.WriteString("message"u8, refusal.Message);
        OpenAiErrorForm.WriteDetails(json, refusal, record);
        json.WriteEndObject();
        json.WriteString("request_id"u8, record.RequestId);
        json.WriteEndObject();
    }

    /// <summary>Anthropic's word for an error of ours. A budget that is used up is a bill that was not paid; waiting does not help as it does with a rate.</summary>
    public static string TypeOf(int status, string code) => (status, code) switch
    {
        (_, "budget_exceeded") or (402, _) => "billing_error",
        (_, "overloaded" or "no_healthy_providers") or (529, _) => "overloaded_error",
        (401, _) => "authentication_error",
        (403, _) => "permission_error",
        (404, _) => "not_found_error",
        (409, _) => "conflict_error",
        (413, _) => "request_too_large",
        (429, _) => "rate_limit_error",
        (504, _) => "timeout_error",
        ( >= 400 and < 500, _) => "invalid_request_error",
        _ => "api_error",
    };
}
