using System.Buffers;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>Reading of chat answers, whole and in pieces.</summary>
internal static class ChatAnswer
{
    /// <summary>How the answer ended, in the words of Responses.</summary>
    /// <param name="finish"><c>finish_reason</c>; null where it was not told.</param>
    public static (string Status, string? Reason) Ending(string? finish) => finish switch
    {
        "length" => ("incomplete", "max_output_tokens"),
        "content_filter" => ("incomplete", "content_filter"),
        _ => ("completed", null),
    };

    /// <summary>Takes a whole message.</summary>
    public static void TakeMessage(JsonElement message, AnswerItems items, IBufferWriter<byte> output)
    {
        var details = message.List("reasoning_details").ToList();
        if (!details.Any(static detail => RawText.Of(detail, "text").Length > 0 || detail.Text("summary") is not null))
        {
            items.Thought(Thought(message), output); // the text belongs to the first opaque item, or stands alone
        }

        foreach (var detail in details)
        {
            items.Detail(detail, output);
        }

        TakeContent(message, items, output);
        items.Refusal(RawText.Of(message, "refusal"), output);
        var n = 0;
        foreach (var call in message.List("tool_calls"))
        {
            var function = call.Find("function") ?? default;
            items.Call(n++, call.Text("id"), function.Text("name"), RawText.Of(function, "arguments"), output);
        }
    }

    /// <summary>Takes a delta.</summary>
    public static void TakeDelta(JsonElement delta, AnswerItems items, IBufferWriter<byte> output)
    {
        items.Thought(Thought(delta), output);
        foreach (var detail in delta.List("reasoning_details"))
        {
            items.Detail(detail, output);
        }

        TakeContent(delta, items, output);
        items.Refusal(RawText.Of(delta, "refusal"), output);
        foreach (var call in delta.List("tool_calls"))
        {
            var function = call.Find("function") ?? default;
            items.Call(call.Count("index") ?? 0, call.Text("id"), function.Text("name"), RawText.Of(function, "arguments"), output);
        }
    }

    /// <summary>A text, or a list of parts (Mistral).</summary>
    private static void TakeContent(JsonElement of, AnswerItems items, IBufferWriter<byte> output)
    {
        items.Text(RawText.Of(of, "content"), output);
        foreach (var part in of.List("content"))
        {
            if (part.Text("type") is "thinking")
            {
                foreach (var thought in part.List("thinking"))
                {
                    items.Thought(RawText.Of(thought, "text"), output);
                }
            }
            else
            {
                items.Text(RawText.Of(part, "text"), output);
            }
        }
    }

    private static ReadOnlySpan<byte> Thought(JsonElement of) =>
        RawText.Of(of, "reasoning_content") is { Length: > 0 } said ? said : RawText.Of(of, "reasoning");
}
