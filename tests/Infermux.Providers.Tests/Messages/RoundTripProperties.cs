using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Messages;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Pivot;
using Xunit;

namespace Infermux.Providers.Tests.Messages;

/// <summary>Whatever is said in one dialect, said in the other and back, means the same.</summary>
public sealed class RoundTripProperties
{
    private static readonly AttemptTarget Claude = MessagesRun.Target();
    private static readonly Gen<string> Text = Gen.OneOf(Gen.Const("word"), Gen.String[Gen.Char[' ', '~'], 1, 12].Select(static text => text + "x"), Gen.Const("naïve 🙂 \"q\"\\\nx"));
    private static readonly Gen<string> Signature = Gen.String[Gen.Char.AlphaNumeric, 1, 20].Select(static text => text + "+/=");
    private static readonly Gen<JsonObject> Input = Gen.Select(Gen.Int, Text, static (n, text) => new JsonObject { ["n"] = n, ["s"] = text, ["o"] = new JsonObject { ["l"] = new JsonArray(1, true) } });
    private static readonly Gen<JsonObject?> Mark = Gen.Bool.Select(static marked => marked ? new JsonObject { ["type"] = "ephemeral" } : null);

    private static readonly Gen<JsonObject> TextBlock = Gen.Select(Text, Mark, static (text, mark) => Marked(new JsonObject { ["type"] = "text", ["text"] = text }, mark));
    private static readonly Gen<JsonObject> Image = Gen.OneOf(
        Gen.Const(0).Select(static _ => new JsonObject { ["type"] = "image", ["source"] = new JsonObject { ["type"] = "base64", ["media_type"] = "image/png", ["data"] = "AAAA" } }),
        Gen.Const(0).Select(static _ => new JsonObject { ["type"] = "image", ["source"] = new JsonObject { ["type"] = "url", ["url"] = "https://x/y.png" } }));

    private static readonly Gen<JsonObject> Thinking = Gen.OneOf(
        Gen.Select(Text, Signature, static (text, signature) => new JsonObject { ["type"] = "thinking", ["thinking"] = text, ["signature"] = signature }),
        Signature.Select(static data => new JsonObject { ["type"] = "redacted_thinking", ["data"] = data }));

    // As strict as structured output wants it, so that nothing is to be mended.
    private static readonly Gen<JsonObject> Schema = Gen.OneOf("string", "integer", "boolean", "object").Array[1, 4].Select(types => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(types.Select((type, n) => KeyValuePair.Create($"p{n}", (JsonNode?)Property(type)))),
        ["required"] = new JsonArray([.. types.Select((_, n) => JsonValue.Create($"p{n}"))]),
        ["additionalProperties"] = false,
    });

    // One round: the user speaks, and the assistant answers, perhaps after calls whose results come next.
    private static readonly Gen<JsonObject[]> Round = Gen.Select(
        Gen.OneOf(TextBlock, Image).Array[1, 3],
        Gen.Select(Thinking.Array[0, 2], Text, Gen.Select(Input, Text, Gen.Bool, Gen.OneOf(Gen.Const(0), Gen.Const(1))).Array[0, 3]),
        Text,
        static (asked, turn, answer) => RoundOf(asked, turn.Item1, turn.Item2, turn.Item3, answer));

    private static readonly Gen<JsonArray> Conversation = Round.Array[1, 4].Select(static rounds => Numbered([.. rounds.SelectMany(static round => round)]));

    [Fact]
    public void Messages_SaidAsChatAndBack_MeanTheSame() => Conversation.Sample(messages =>
    {
        var marked = (JsonArray)messages.DeepClone();
        Each(marked, block => Resign(block, static value => OpaqueMark.Add(Claude, value)));
        var chat = Chat($"\"system\":\"be brief\",\"messages\":{marked.ToJsonString()}");
        var sent = Anthropic(chat);
        Assert.Equal(Meaning(messages), Meaning(JsonNode.Parse(sent.GetProperty("messages").GetRawText())!.AsArray()));
        Assert.Equal("be brief", sent.GetProperty("system")[0].GetProperty("text").GetString());
    }, iter: 2000);

    [Fact]
    public void Chat_SaidAsMessagesAndBack_MeansTheSame() => Conversation.Sample(messages =>
    {
        var unsigned = (JsonArray)messages.DeepClone();
        foreach (var message in unsigned)
        {
            var blocks = message!["content"]!.AsArray();
            for (var i = blocks.Count - 1; i >= 0; i--)
            {
                if (blocks[i]!["type"]!.GetValue<string>() is "thinking" or "redacted_thinking")
                {
                    blocks.RemoveAt(i);
                }
            }
        }

        var chat = Chat($"\"messages\":{unsigned.ToJsonString()}"); // a chat conversation of any shape
        var again = Chat($"\"messages\":{Anthropic(chat).GetProperty("messages").GetRawText()}");
        Assert.Equal(ChatMeaning(chat), ChatMeaning(again));
    }, iter: 2000);

    [Fact]
    public void Answer_OfClaude_ShownAsChatAndSentBack_IsTheSameTurn() => Gen.Select(Thinking.Array[0, 3], Text, Input.Array[0, 3]).Sample((thinking, text, inputs) =>
    {
        var content = new JsonArray([.. thinking.Select(static block => block.DeepClone()), new JsonObject { ["type"] = "text", ["text"] = text },
            .. inputs.Select(static (input, n) => new JsonObject { ["type"] = "tool_use", ["id"] = $"toolu_{n}", ["name"] = "f", ["input"] = input.DeepClone() })]);
        var answer = new JsonObject { ["type"] = "message", ["id"] = "msg_1", ["content"] = content, ["stop_reason"] = "end_turn" };
        var output = new ArrayBufferWriter<byte>();
        var inbound = Tests.Anthropic.Translation.Inbound("""{"model":"mine","messages":[{"role":"user","content":"x"}]}""");
        Assert.Null(Tests.Anthropic.Translation.Dialect.ReadWhole(inbound, Claude, Encoding.UTF8.GetBytes(answer.ToJsonString()), output).Failure);
        var message = JsonNode.Parse(output.WrittenSpan)!["choices"]![0]!["message"]!;
        JsonArray messages = [new JsonObject { ["role"] = "user", ["content"] = "x" }, message.DeepClone(), .. inputs.Select(static (_, n) => new JsonObject { ["role"] = "tool", ["tool_call_id"] = $"toolu_{n}", ["content"] = "r" })];
        var sent = Anthropic($$$"""{"model":"mine","max_tokens":1000,"messages":{{{messages.ToJsonString()}}}}""");
        Same.Json(content.ToJsonString(), sent.GetProperty("messages")[1].GetProperty("content"));
    }, iter: 2000);

    [Fact]
    public void Answer_OfAChatServer_ShownAsAMessageAndSentBack_IsTheSameTurn() => Gen.Select(Text, Input.Array[0, 3], Gen.String[Gen.Char[' ', '~'], 1, 80]).Sample((text, inputs, id) =>
    {
        var calls = new JsonArray([.. inputs.Select((input, n) => new JsonObject
        {
            ["id"] = $"{id}{n}", ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = input.ToJsonString() },
        })]);
        var said = new JsonObject { ["role"] = "assistant", ["content"] = text };
        if (inputs.Length > 0)
        {
            said["tool_calls"] = calls;
        }

        var chat = new JsonObject { ["id"] = "c", ["object"] = "chat.completion", ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = said, ["finish_reason"] = "stop" }) };
        var (answer, message) = MessagesRun.Whole(chat.ToJsonString(), MessagesRun.Chat());
        Assert.Null(answer.Failure);
        var content = message.GetProperty("content").GetRawText();
        var sent = MessagesRun.Sent($$$"""  "messages":[{"role":"user","content":"x"},{"role":"assistant","content":{{{content}}}}]  """, MessagesRun.Chat()).GetProperty("messages")[1];
        if (id.Length < 40) // longer ones are hashed and stay what they were made to: call and result agree all the same
        {
            Same.Json(said.ToJsonString(), sent);
        }
    }, iter: 2000);

    [Fact]
    public void StructuredOutputAndTools_SaidInTheOtherAndBack_AreTheSame() => Gen.Select(Schema, Schema.Array[1, 3], Gen.OneOf("auto", "any", "none", "tool"), Gen.Bool).Sample((answer, inputs, choice, single) =>
    {
        var tools = new JsonArray([.. inputs.Select(static (input, n) => new JsonObject { ["name"] = $"f{n}", ["description"] = "d", ["input_schema"] = input.DeepClone() })]);
        var chosen = new JsonObject { ["type"] = choice };
        if (choice is "tool")
        {
            chosen["name"] = "f0";
        }

        if (single && choice is not "none")
        {
            chosen["disable_parallel_tool_use"] = true;
        }

        const string Said = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
        var chat = Chat($$$"""{{{Said}}},"tools":{{{tools.ToJsonString()}}},"tool_choice":{{{chosen.ToJsonString()}}},"output_config":{"format":{"type":"json_schema","schema":{{{answer.ToJsonString()}}}}}""");
        var sent = Anthropic(chat);
        Same.Json(answer.ToJsonString(), sent.GetProperty("output_config").GetProperty("format").GetProperty("schema"));
        Same.Json(tools.ToJsonString(), sent.GetProperty("tools"));
        var sentChoice = sent.TryGetProperty("tool_choice", out var told) ? told.GetRawText() : """{"type":"auto"}"""; // which is what leaving it out means
        Same.Json(chosen.ToJsonString(), JsonDocument.Parse(sentChoice).RootElement);

        var again = Chat($$"""{{Said}},"tools":{{sent.GetProperty("tools").GetRawText()}},"tool_choice":{{sentChoice}},"output_config":{{sent.GetProperty("output_config").GetRawText()}}""");
        Same.Json(chat, JsonDocument.Parse(again).RootElement);
    }, iter: 1000);

    private static string Chat(string members)
    {
        var output = new ArrayBufferWriter<byte>();
        new MessagesCaller().WriteChat(MessagesRun.Inbound(members), Claude, extended: true, output, []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static JsonElement Anthropic(string chat)
    {
        var body = Encoding.UTF8.GetBytes(chat);
        var request = new InferenceRequest(Operation.ChatCompletions, body, RequestScanner.Scan(Operation.ChatCompletions, body, 64));
        using var message = Tests.Anthropic.Translation.Dialect.CreateRequest(request, Claude);
        using var stream = new MemoryStream();
        Assert.True(message.Content!.CopyToAsync(stream).IsCompletedSuccessfully); // into memory, so nothing is waited for
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    private static JsonObject Property(string type) => type is not "object" ? new() { ["type"] = type, ["description"] = "naïve \"q\"" } : new()
    {
        ["type"] = type,
        ["properties"] = new JsonObject { ["e"] = new JsonObject { ["enum"] = new JsonArray("a", "b") } },
        ["required"] = new JsonArray("e"),
        ["additionalProperties"] = false,
    };

    private static JsonObject Marked(JsonObject block, JsonObject? mark)
    {
        if (mark is not null)
        {
            block["cache_control"] = mark.DeepClone();
        }

        return block;
    }

    private static JsonObject[] RoundOf(JsonObject[] asked, JsonObject[] thinking, string text, (JsonObject Input, string Result, bool Failed, int Image)[] calls, string answer)
    {
        JsonObject Turn(string role, IEnumerable<JsonNode> blocks) => new() { ["role"] = role, ["content"] = new JsonArray([.. blocks.Select(static block => block.DeepClone())]) };
        var said = new JsonObject { ["type"] = "text", ["text"] = text };
        if (calls.Length == 0)
        {
            return [Turn("user", asked), Turn("assistant", [.. thinking, said])];
        }

        var uses = calls.Select(static call => new JsonObject { ["type"] = "tool_use", ["id"] = "", ["name"] = "f", ["input"] = call.Input.DeepClone() });
        var results = calls.Select(static call =>
        {
            JsonArray content = [new JsonObject { ["type"] = "text", ["text"] = call.Result }];
            if (call.Image == 1)
            {
                content.Add((JsonNode)new JsonObject { ["type"] = "image", ["source"] = new JsonObject { ["type"] = "base64", ["media_type"] = "image/png", ["data"] = "BBBB" } });
            }

            var result = new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = "", ["content"] = content };
            if (call.Failed)
            {
                result["is_error"] = true;
            }

            return result;
        });
        return [Turn("user", asked), Turn("assistant", [.. thinking, said, .. uses]), Turn("user", results), Turn("assistant", [new JsonObject { ["type"] = "text", ["text"] = answer }])];
    }

    // Ids by place: every call has its own, and its result the same.
    private static JsonArray Numbered(JsonObject[] messages)
    {
        var (calls, results) = (0, 0);
        foreach (var block in messages.SelectMany(static message => message["content"]!.AsArray()))
        {
            switch (block!["type"]!.GetValue<string>())
            {
                case "tool_use":
                    block["id"] = $"toolu_{calls++}";
                    break;
                case "tool_result":
                    block["tool_use_id"] = $"toolu_{results++}";
                    break;
                default:
                    break;
            }
        }

        return new JsonArray([.. messages.Select(static message => message.DeepClone())]);
    }

    private static void Each(JsonArray messages, Action<JsonObject> take)
    {
        foreach (var block in messages.SelectMany(static message => message!["content"]!.AsArray()))
        {
            take(block!.AsObject());
        }
    }

    private static void Resign(JsonObject block, Func<string, string> to)
    {
        foreach (var member in new[] { "signature", "data" }.Where(block.ContainsKey))
        {
            block[member] = to(block[member]!.GetValue<string>());
        }
    }

    /// <summary>Who said what, in order, marks included: a cache mark beyond the fourth is left out by Anthropic's own rule, so only four are compared.</summary>
    private static string Meaning(JsonArray messages)
    {
        var text = new StringBuilder();
        var marks = 0;
        foreach (var message in messages)
        {
            text.Append(message!["role"]!.GetValue<string>()).Append('\n');
            foreach (var block in message["content"]!.AsArray())
            {
                var copy = block!.DeepClone().AsObject();
                if (copy.Remove("cache_control") && marks++ < CacheMarks.Most)
                {
                    text.Append("marked ");
                }

                if (copy["content"] is JsonArray { Count: 1 } single && single[0]!["type"]!.GetValue<string>() is "text")
                {
                    copy["content"] = single[0]!["text"]!.DeepClone(); // one text as a text or as a list of one
                }

                text.Append(Sorted(copy)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string ChatMeaning(string chat)
    {
        var text = new StringBuilder();
        foreach (var message in JsonNode.Parse(chat)!["messages"]!.AsArray())
        {
            var copy = message!.DeepClone().AsObject();
            foreach (var part in copy["content"] as JsonArray ?? [])
            {
                part!.AsObject().Remove("cache_control");
            }

            if (copy["content"] is JsonArray { Count: 1 } single && single[0]!["type"]!.GetValue<string>() is "text")
            {
                copy["content"] = single[0]!["text"]!.DeepClone();
            }

            text.Append(Sorted(copy)).Append('\n');
        }

        return text.ToString();
    }

    private static string Sorted(JsonObject value) =>
        string.Join(',', value.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => $"{member.Key}={member.Value?.ToJsonString()}"));
}
