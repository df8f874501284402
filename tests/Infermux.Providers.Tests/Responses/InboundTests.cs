using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Infermux.Core.Failures;
using Infermux.Providers.Pivot;
using Infermux.Providers.Responses.Inbound;
using Infermux.Providers.Tests.Fixtures;
using Xunit;

namespace Infermux.Providers.Tests.Responses;

/// <summary>Responses in, chat or Messages out, and back.</summary>
public sealed class InboundTests
{
    private const string Chunk = """ "id":"chatcmpl-1","object":"chat.completion.chunk","created":1778037182,"model":"theirs","choices":[""";

    private static InferenceRequest Request { get; } = Runs.Request(
        """{"model":"mine","input":"x","stream":true,"tools":[{"type":"function","name":"a"},{"type":"custom","name":"edit"}],"metadata":{"k":"v"}}""");

    private static byte[] Interleaved { get; } = Chat(
        Delta(""" "role":"assistant","content":"" """), Delta(""" "reasoning_content":"th" """), Delta(""" "reasoning_content":"ink" """), Delta(""" "content":"na\ud83d" """),
        Delta(""" "content":"\ude42" """),
        Delta(""" "tool_calls":[{"index":0,"id":"c0","type":"function","function":{"name":"a","arguments":""}}]"""),
        Delta(""" "tool_calls":[{"index":1,"id":"c1","type":"function","function":{"name":"edit","arguments":"{\"inp"}}]"""),
        Delta(""" "tool_calls":[{"index":0,"function":{"arguments":"{\"n\":"}}]"""), Delta(""" "tool_calls":[{"index":1,"function":{"arguments":"ut\":\"p\\nq\"}"}}]"""),
        Delta(""" "tool_calls":[{"index":0,"function":{"arguments":"1}"}}]"""), Delta("", "\"tool_calls\""),
        "{" + Chunk + "],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}");

    [Fact]
    public void Stream_OfInterleavedCalls_EndsEachWithItsWholeText()
    {
        var run = Runs.Stream(Request, Runs.Groq, Interleaved);
        Assert.Null(run.Message);
        Assert.Equal(Enumerable.Range(0, run.Events().Count), run.Events().Select(e => e.GetProperty("sequence_number").GetInt32()));
        var output = run.Events()[^1].GetProperty("response").GetProperty("output").EnumerateArray().ToList();
        Assert.Equal(["reasoning", "message", "function_call", "custom_tool_call"], output.Select(i => i.GetProperty("type").GetString()));
        Assert.Equal(("think", "na🙂"), (output[0].GetProperty("summary")[0].GetProperty("text").GetString(), output[1].GetProperty("content")[0].GetProperty("text").GetString()));
        Assert.Equal(("{\"n\":1}", "c0", "p\nq"), (output[2].GetProperty("arguments").GetString(), output[2].GetProperty("call_id").GetString(), output[3].GetProperty("input").GetString()));
        Assert.Equal(output.Count, output.Select(i => i.GetProperty("id").GetString()).Distinct(StringComparer.Ordinal).Count());
        foreach (var item in run.Events().Where(e => e.GetProperty("type").GetString() == "response.output_item.done"))
        {
            Assert.Equal(output[item.GetProperty("output_index").GetInt32()].GetRawText(), item.GetProperty("item").GetRawText());
        }

        Assert.Equal(15, run.Events()[^1].GetProperty("response").GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal("""{"k":"v"}""", run.Events()[0].GetProperty("response").GetProperty("metadata").GetRawText());
    }

    [Fact]
    public void Stream_CutAnywhere_GivesTheSame() => Runs.SameInAnyChunking(Request, Runs.Groq, Interleaved);

    [Theory]
    [InlineData("openai/chat-stream-parallel-tools.http.json", 0)]
    [InlineData("deepseek/chat-stream.http.json", 0)]
    [InlineData("mistral/chat-stream.http.json", 0)]
    [InlineData("groq/chat-stream-error-midstream.http.json", 1)]
    [InlineData("openrouter/chat-stream-comments.http.json", 0)]
    [InlineData("openrouter/chat-stream-tool-call-no-id-no-finish.http.json", 0)]
    [InlineData("anthropic/messages-stream-thinking.http.json", 0)]
    [InlineData("anthropic/messages-stream-tools.http.json", 0)]
    public void Recording_OfEachVendor_HasTheWholeOrderOfEventsAtEveryCut(string file, int reply)
    {
        var replies = Recorded.Read(file);
        var target = file.StartsWith("anthropic", StringComparison.Ordinal) ? Runs.Anthropic : Runs.Groq;
        var run = Runs.Stream(Request, target, replies[reply].Body);
        Assert.Null(run.Message);
        Assert.Equal("response.completed", run.Types().Last());
        Assert.Equal(Enumerable.Range(0, run.Events().Count), run.Events().Select(e => e.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(run.Types().Count(t => t == "response.output_item.added"), run.Types().Count(t => t == "response.output_item.done"));
        Assert.NotEmpty(run.Events()[^1].GetProperty("response").GetProperty("output").EnumerateArray());
        Runs.SameInAnyChunking(Request, target, replies[reply].Body);
    }

    [Fact]
    public void Error_BeforeOutput_FailsWithoutAWord()
    {
        var run = Runs.Stream(Request, Runs.Groq, Encoding.UTF8.GetBytes("data: {\"error\":{\"message\":\"m\",\"code\":\"rate_limit_exceeded\"}}\n\n"));
        Assert.Equal((FailureClass.RateLimited, ""), (run.Failure, run.Text));
    }

    [Fact]
    public void Conversation_AsChat_PutsOneTurnIntoOneMessage()
    {
        var request = Runs.Request(
            """
            {"model":"mine","instructions":"sys","max_output_tokens":9,"text":{"format":{"type":"json_schema","name":"f","schema":{},"strict":true},"verbosity":"low"},"reasoning":{"effort":"low","summary":"auto"},"service_tier":"flex","truncation":"auto",
            "tools":[{"type":"function","name":"a","parameters":{"type":"object","properties":{"x":{"type":"string"}},"required":["x"],"additionalProperties":false}},{"type":"function","name":"b","parameters":{"type":"object","properties":{"x":{"type":"string"}}}},{"type":"custom","name":"edit"}],"tool_choice":{"type":"custom","name":"edit"},
            "input":[{"role":"developer","content":"dev"},{"role":"user","content":[{"type":"input_text","text":"u"},{"type":"input_image","image_url":"https://x/y.png","detail":"low"}]},
            {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"imx1.groq.llama.x"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"let me"}]},{"type":"function_call","call_id":"c1","name":"a","arguments":"{}"},{"type":"custom_tool_call","call_id":"c2","name":"edit","input":"in"},
            {"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"t"},{"type":"input_image","image_url":"data:image/png;base64,AA"}]},{"type":"custom_tool_call_output","call_id":"c2","output":"ok"},{"role":"user","content":"go on"}]}
            """);
        var sent = Runs.Sent(request, Runs.Groq);
        var messages = sent.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["system", "system", "user", "assistant", "tool", "tool", "user", "user"], messages.Select(m => m.GetProperty("role").GetString()));
        Assert.Equal("https://x/y.png", messages[2].GetProperty("content")[1].GetProperty("image_url").GetProperty("url").GetString());
        Assert.Equal(("let me", 2), (messages[3].GetProperty("content").GetString(), messages[3].GetProperty("tool_calls").GetArrayLength()));
        Assert.Equal("""{"input":"in"}""", messages[3].GetProperty("tool_calls")[1].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal(("t", "image_url"), (messages[4].GetProperty("content").GetString(), messages[6].GetProperty("content")[0].GetProperty("type").GetString()));
        Assert.Equal([true, false], sent.GetProperty("tools").EnumerateArray().Take(2).Select(t => t.GetProperty("function").GetProperty("strict").GetBoolean()));
        Assert.Equal("f", sent.GetProperty("response_format").GetProperty("json_schema").GetProperty("name").GetString());
        Assert.Equal((9, "low"), (sent.GetProperty("max_tokens").GetInt32(), sent.GetProperty("reasoning_effort").GetString()));
        Assert.Equal(["reasoning_details", "service_tier", "text.verbosity", "truncation"], Runs.Dropped(request, Runs.Groq));
    }

    // Codex offers some of its tools so.
    [Fact]
    public void Namespace_IsFlattenedOnTheWayOutAndBack()
    {
        var request = Runs.Request(
            """{"model":"m","tools":[{"type":"namespace","name":"agents","tools":[{"type":"function","name":"close","parameters":{}}]}],"input":[{"type":"function_call","call_id":"c1","name":"close","namespace":"agents","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"x"}]}""");
        var sent = Runs.Sent(request, Runs.Groq);
        Assert.Equal("agents__close", sent.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("agents__close", sent.GetProperty("messages")[0].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString());
        var (_, text) = Runs.Whole(
            request, Runs.Groq,
            """{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c2","type":"function","function":{"name":"agents__close","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""");
        var call = JsonDocument.Parse(text).RootElement.GetProperty("output")[0];
        Assert.Equal(("close", "agents"), (call.GetProperty("name").GetString(), call.GetProperty("namespace").GetString()));
    }

    [Theory]
    [InlineData("""{"type":"file_search"}""", "tools[0].type")]
    [InlineData("""{"type":"local_shell"}""", "tools[0].type")]
    [InlineData("""{"type":"mcp","server_label":"x"}""", "tools[0].type")]
    public void HostedTool_IsRefusedByName(string tool, string param) =>
        Assert.Equal(param, Assert.Throws<RequestRefusedException>(() => Runs.Sent(Runs.Request($$"""{"model":"m","input":"x","tools":[{{tool}}]}"""), Runs.Groq)).Param);

    [Theory]
    [InlineData("""{"type":"web_search_call","id":"ws_1"}""", "input[0].type")]
    [InlineData("""{"role":"user","content":[{"type":"input_file","file_id":"f"}]}""", "input[0].content[0]")]
    [InlineData("""{"role":"robot","content":"x"}""", "input[0].role")]
    public void Item_ThatChatCannotSay_IsRefusedByName(string item, string param) =>
        Assert.Equal(param, Assert.Throws<RequestRefusedException>(() => Runs.Sent(Runs.Request($$"""{"model":"m","input":[{{item}}]}"""), Runs.Groq)).Param);

    // A client keeps encrypted_content; it may lose the rest of the item.
    [Fact]
    public void OpaqueReasoning_OfAnyMaker_ComesBackAsItWent() =>
        Gen.Select(Gen.String, Gen.String, Gen.OneOf(Gen.Const("reasoning.text"), Gen.Const("reasoning.encrypted"), Gen.Const("gemini")), Gen.String).Sample((provider, text, kind, value) =>
        {
            var maker = Runs.Anthropic with { Provider = Runs.Anthropic.Provider with { Name = "p." + provider } };
            var marked = JsonSerializer.Serialize(OpaqueMark.Add(maker, "v" + value.Replace('\0', 'x')));
            var said = JsonSerializer.Serialize(text);
            using var detail = JsonDocument.Parse(kind switch
            {
                "reasoning.text" => $$"""{"type":"reasoning.text","text":{{said}},"signature":{{marked}}}""",
                "gemini" => $$"""{"type":"reasoning.encrypted","id":{{said}},"format":"google-gemini-v1","data":{{marked}}}""",
                _ => $$"""{"type":"reasoning.encrypted","data":{{marked}}}""",
            });
            var packed = CarriedReasoning.Pack(detail.RootElement)!;
            Assert.True(OpaqueMark.TryRead(packed, out var name, out _, out _));
            Assert.Equal(maker.Provider.Name, name);

            using var item = JsonDocument.Parse($$"""{"type":"reasoning","encrypted_content":{{JsonSerializer.Serialize(packed)}}}""");
            var output = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(output))
            {
                Assert.True(CarriedReasoning.Unpack(item.RootElement, writer));
            }

            using var back = JsonDocument.Parse(output.WrittenMemory);
            Assert.True(JsonElement.DeepEquals(detail.RootElement, back.RootElement), $"{detail.RootElement} became {back.RootElement}");
        });

    [Theory]
    [InlineData("imx1.p.m.~not base64!")]
    [InlineData("imx1.p.m.~bm90IGpzb24=")]
    [InlineData("imx1.p.m.~WzFd")]
    [InlineData("gAAAA")]
    [InlineData("")]
    public void OpaqueReasoning_ThatAClientBroke_IsNothing(string value)
    {
        using var item = JsonDocument.Parse($$"""{"type":"reasoning","encrypted_content":{{JsonSerializer.Serialize(value)}}}""");
        using var writer = new Utf8JsonWriter(new ArrayBufferWriter<byte>());
        Assert.False(CarriedReasoning.Unpack(item.RootElement, writer));
    }

    [Fact]
    public void Whole_OfAChatAnswer_IsAResponse()
    {
        var (answer, text) = Runs.Whole(
            Runs.Request("""{"model":"mine","input":"x","temperature":0.5}"""), Runs.Groq,
            """{"id":"c","object":"chat.completion","created":7,"model":"theirs","choices":[{"index":0,"message":{"role":"assistant","content":null,"reasoning":"hm","refusal":"no","tool_calls":[]},"finish_reason":"content_filter"}],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":2}}}""");
        var json = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("incomplete", "content_filter"), (json.GetProperty("status").GetString(), json.GetProperty("incomplete_details").GetProperty("reason").GetString()));
        Assert.Equal("no", json.GetProperty("output")[1].GetProperty("content")[0].GetProperty("refusal").GetString());
        Assert.Equal((2, 0.5), (json.GetProperty("usage").GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32(), json.GetProperty("temperature").GetDouble()));
        Assert.Equal(12, answer.Usage!.Value.Total);
    }

    private static string Delta(string members, string finish = "null") => "{" + Chunk + "{\"index\":0,\"delta\":{" + members + "},\"finish_reason\":" + finish + "}]}";

    private static byte[] Chat(params string[] chunks) => Encoding.UTF8.GetBytes(string.Concat(chunks.Select(c => $"data: {c}\n\n")) + "data: [DONE]\n\n");
}
