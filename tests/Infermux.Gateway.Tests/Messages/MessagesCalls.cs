using System.Text.Json.Nodes;
using Infermux.Gateway.Tests.Support;

namespace Infermux.Gateway.Tests.Messages;

/// <summary>Requests of Anthropic's dialect to a running gateway.</summary>
internal static class MessagesCalls
{
    public const string Tool = """{"name":"f","description":"d","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}}""";

    /// <summary>A request with these members beside the model.</summary>
    public static Task<Answer> MessagesAsync(this TestGateway gateway, string members, string model = "gpt-4o", params string[] headers) =>
        gateway.PostAsync("/v1/messages", $$"""{"model":"{{model}}","max_tokens":500,{{members}}}""", ["anthropic-version=2023-06-01", .. headers]);

    public static Task<Answer> SayHiAsync(this TestGateway gateway, bool stream = false, params string[] headers) =>
        gateway.MessagesAsync($$"""  "messages":[{"role":"user","content":"hi"}]{{(stream ? ",\"stream\":true" : "")}}  """, headers: headers);

    /// <summary>The message of a whole answer, or of a stream put together as clients do.</summary>
    public static JsonObject Message(this Answer answer) => answer.Body.StartsWith('{') ? answer.Json.AsObject() : Assembled(answer);

    public static string Text(this Answer answer) => string.Concat(answer.Message()["content"]!.AsArray()
        .Where(static block => block!["type"]!.GetValue<string>() is "text").Select(static block => block!["text"]!.GetValue<string>()));

    public static JsonNode Block(this Answer answer, string type) => answer.Message()["content"]!.AsArray().First(block => block!["type"]!.GetValue<string>() == type)!;

    private static JsonObject Assembled(Answer answer)
    {
        var events = answer.Body.Split('\n').Where(static line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(static line => JsonNode.Parse(line["data: ".Length..])!).ToList();
        Assert.Equal("message_stop", events[^1]["type"]!.GetValue<string>());
        var message = events.First(static e => e["type"]!.GetValue<string>() is "message_start")["message"]!.DeepClone().AsObject();
        var content = new JsonArray();
        foreach (var e in events)
        {
            if (e["content_block"] is { } block)
            {
                content.Add(block.DeepClone());
                block = content[^1]!;
                block["partial"] = "";
            }
            else if (e["type"]!.GetValue<string>() is "content_block_delta")
            {
                var delta = e["delta"]!;
                var (from, to) = delta["type"]!.GetValue<string>() switch
                {
                    "text_delta" => ("text", "text"),
                    "thinking_delta" => ("thinking", "thinking"),
                    "signature_delta" => ("signature", "signature"),
                    _ => ("partial_json", "partial"),
                };
                var open = content[^1]!;
                open[to] = open[to]!.GetValue<string>() + delta[from]!.GetValue<string>();
            }
            else if (e["type"]!.GetValue<string>() is "message_delta")
            {
                message["stop_reason"] = e["delta"]!["stop_reason"]!.DeepClone();
                message["usage"] = e["usage"]!.DeepClone();
                message["infermux"] = e["infermux"]?.DeepClone();
            }
        }

        foreach (var block in content.Select(static block => block!.AsObject()))
        {
            if (block["partial"]!.GetValue<string>() is { Length: > 0 } input)
            {
                block["input"] = JsonNode.Parse(input);
            }

            block.Remove("partial");
        }

        message["content"] = content;
        return message;
    }
}
