using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Xunit;

namespace Infermux.Providers.Tests.Messages;

/// <summary>What came of one stream toward a caller of Anthropic's dialect.</summary>
internal sealed record StreamedMessage(
    string Text, string BeforeEnd, StreamProgress Progress, ProviderFailure? Failure, TokenUsage? Usage, long Characters, bool Ended)
{
    public List<JsonNode> Events() => [.. Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static e =>
    {
        var lines = e.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("event: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
        var data = JsonNode.Parse(lines[1]["data: ".Length..])!;
        Assert.Equal(lines[0]["event: ".Length..], data["type"]!.GetValue<string>()); // clients ignore an event without its name
        return data;
    })];

    public JsonNode Ending => Events().Single(static e => TypeOf(e) is "message_delta");

    /// <summary>Puts the message together as clients do, and holds the stream to the order that they rely on.</summary>
    public JsonObject Message()
    {
        var events = Events();
        Assert.Equal("message_start", TypeOf(events[0]));
        Assert.Equal("message_stop", TypeOf(events[^1]));
        var message = events[0]["message"]!.DeepClone().AsObject();
        var content = new JsonArray();
        var open = -1;
        var input = new StringBuilder();
        foreach (var e in events.Skip(1))
        {
            switch (TypeOf(e))
            {
                case "content_block_start":
                    Assert.Equal((-1, content.Count), (open, e["index"]!.GetValue<int>()));
                    open = content.Count;
                    content.Add(e["content_block"]!.DeepClone());
                    input.Clear();
                    break;
                case "content_block_delta":
                    Assert.Equal(open, e["index"]!.GetValue<int>());
                    Append(content[open]!.AsObject(), e["delta"]!, input);
                    break;
                case "content_block_stop":
                    Assert.Equal(open, e["index"]!.GetValue<int>());
                    Close(content[open]!.AsObject(), input);
                    open = -1;
                    break;
                case "message_delta":
                    Assert.Equal(-1, open);
                    foreach (var (name, value) in e["delta"]!.AsObject())
                    {
                        message[name] = value?.DeepClone();
                    }

                    message["usage"] = e["usage"]!.DeepClone();
                    break;
                default:
                    break;
            }
        }

        message["content"] = content;
        return message;
    }

    private static string TypeOf(JsonNode e) => e["type"]!.GetValue<string>();

    private static void Append(JsonObject block, JsonNode delta, StringBuilder input)
    {
        var (member, piece) = TypeOf(delta) switch
        {
            "text_delta" => ("text", delta["text"]!.GetValue<string>()),
            "thinking_delta" => ("thinking", delta["thinking"]!.GetValue<string>()),
            "signature_delta" => ("signature", delta["signature"]!.GetValue<string>()),
            "input_json_delta" => ("", delta["partial_json"]!.GetValue<string>()),
            var other => throw new InvalidOperationException(other),
        };
        if (member.Length == 0)
        {
            Assert.Equal("tool_use", TypeOf(block));
            input.Append(piece);
        }
        else
        {
            block[member] = block[member]!.GetValue<string>() + piece;
        }
    }

    private static void Close(JsonObject block, StringBuilder input)
    {
        if (TypeOf(block) is "tool_use" && input.Length > 0)
        {
            block["input"] = JsonNode.Parse(input.ToString());
        }
    }
}
