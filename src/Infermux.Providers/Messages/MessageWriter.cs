using System.Text;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>Writes a whole chat answer as a message: thinking, then text, then calls.</summary>
internal sealed class MessageWriter(InferenceRequest request, AttemptTarget target)
{
    /// <summary>The id of a message for the id of a chat answer.</summary>
    public static string IdOf(string? id, AttemptTarget target)
    {
        var own = id is { Length: > 0 } ? id : target.RequestId ?? "";
        return own.StartsWith("msg_", StringComparison.Ordinal) ? own
            : "msg_" + (own.StartsWith("chatcmpl-", StringComparison.Ordinal) ? own["chatcmpl-".Length..] : own);
    }

    /// <summary>Writes it.</summary>
    public void Write(JsonElement chat, Utf8JsonWriter writer)
    {
        var choice = chat.List("choices").FirstOrDefault();
        var message = choice.Find("message") ?? default;
        var calls = message.List("tool_calls").ToList();
        var text = TextOf(message.Find("content"));
        writer.WriteStartObject();
        writer.WriteString("id", IdOf(chat.Text("id"), target));
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        writer.WriteString("model", request.Facts.Model);
        writer.WriteStartArray("content");
        var thought = WriteThinking(writer, message);
        if (text.Length > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("text", text);
            writer.WriteEndObject();
        }

        calls.ForEach(call => WriteCall(writer, call));
        writer.WriteEndArray();
        WriteStop(writer, choice.Text("finish_reason"), message.Text("refusal"), calls.Count > 0);
        MessageUsage.Write(writer, MessageUsage.Read(chat.Find("usage")) ?? Estimate(thought + text.Length + calls.Sum(static call => Arguments(call).Length)));
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>stop_reason</c> and what goes with it.</summary>
    public static void WriteStop(Utf8JsonWriter writer, string? finish, string? refusal, bool calls)
    {
        var reason = Stops.Of(finish, !string.IsNullOrEmpty(refusal), calls);
        writer.WriteString("stop_reason", reason);
        writer.WriteNull("stop_sequence");
        if (reason is "refusal")
        {
            writer.WriteStartObject("stop_details");
            writer.WriteString("type", "refusal");
            writer.WriteNull("category");
            writer.WriteString("explanation", refusal);
            writer.WriteEndObject();
        }
    }

    private TokenUsage Estimate(long characters) => new(request.Facts.PromptEstimate, Output: (characters + 3) / 4);

    // The text that is shown stands in the signed items where there are any; else it is a block of its own, signed with the name of its maker alone.
    private int WriteThinking(Utf8JsonWriter writer, JsonElement message)
    {
        var shown = ShownThinking.Of(message);
        var details = message.List("reasoning_details").ToList();
        if (shown.Length > 0 && !details.Exists(static item => item.Text("signature") is { Length: > 0 }))
        {
            WriteThinking(writer, shown, OpaqueMark.Add(target, ""));
        }

        foreach (var item in details)
        {
            if (item.Text("signature") is { Length: > 0 } signature)
            {
                WriteThinking(writer, item.Text("text") ?? "", Packed.Marked(signature, target));
            }
            else if (item.Text("data") is { Length: > 0 })
            {
                writer.WriteStartObject();
                writer.WriteString("type", "redacted_thinking");
                writer.WriteString("data", Packed.Of(item, target));
                writer.WriteEndObject();
            }
        }

        return shown.Length;
    }

    private static void WriteThinking(Utf8JsonWriter writer, string text, string signature)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "thinking");
        writer.WriteString("thinking", text);
        writer.WriteString("signature", signature);
        writer.WriteEndObject();
    }

    // Arguments that a cap cut short are no object; the caller sees the cap.
    private static void WriteCall(Utf8JsonWriter writer, JsonElement call)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", ToolIds.ToAnthropic(call.Text("id") ?? ""));
        writer.WriteString("name", call.Find("function")?.Text("name") ?? "");
        writer.WritePropertyName("input");
        writer.WriteRawValue(ToolArguments.IsObject(Encoding.UTF8.GetBytes(Arguments(call))) ? Arguments(call) : "{}");
        writer.WriteEndObject();
    }

    private static string Arguments(JsonElement call) => call.Find("function")?.Find("arguments") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Object } value => value.GetRawText(),
        _ => "",
    };

    // Some servers answer with a list of parts.
    private static string TextOf(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Where(static part => part.Text("type") is "text").Select(static part => part.Text("text"))),
        _ => "",
    };
}
