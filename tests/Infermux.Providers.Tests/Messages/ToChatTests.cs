using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Providers.Messages;
using Infermux.Providers.Pivot;
using Xunit;

namespace Infermux.Providers.Tests.Messages;

/// <summary>A request of Anthropic's dialect said as chat, for servers of OpenAI's own dialect and for translating dialects that read the pivot's extensions.</summary>
public sealed class ToChatTests
{
    private static readonly AttemptTarget Llama = MessagesRun.Chat();

    [Theory]
    [InlineData("""  "system":"s"  """, """{"role":"system","content":"s"}""")]
    [InlineData("""  "system":[{"type":"text","text":"a"},{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]  """, """{"role":"system","content":"a\nb"}""")]
    public void System_IsOneMessage(string system, string expected) =>
        Same.Json(expected, MessagesRun.Sent($"{system},{MessagesRun.Hi}", Llama).GetProperty("messages")[0]);

    [Fact]
    public void Results_ComeFirstOneMessageEach_AndTheirImagesFollow()
    {
        Same.Json("""
            [{"role":"user","content":"go"},
             {"role":"assistant","content":"on it","tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},{"id":"c 1","type":"function","function":{"name":"g","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"toolu_1","content":"Error: no\nluck"},
             {"role":"tool","tool_call_id":"c 1","content":"The result follows in the next message."},
             {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"text","text":"and now?"}]}]
            """, MessagesRun.Sent("""
            "messages":[{"role":"user","content":"go"},
            {"role":"assistant","content":[{"type":"text","text":"on "},{"type":"text","text":"it"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a": 1}},{"type":"tool_use","id":"ifx-b-YyAx","name":"g","input":{}}]},
            {"role":"user","content":[{"type":"text","text":"and now?"},
              {"type":"tool_result","tool_use_id":"toolu_1","is_error":true,"content":[{"type":"text","text":"no"},{"type":"text","text":"luck"}]},
              {"type":"tool_result","tool_use_id":"ifx-b-YyAx","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}]
            """, Llama).GetProperty("messages"));
    }

    [Fact]
    public void Extended_KeepsMarksErrorsAndImagesWhereTheyStand()
    {
        Same.Json("""
            [{"role":"system","content":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}]},
             {"role":"user","content":"go"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"t","is_error":true,"content":[{"type":"image_url","image_url":{"url":"https://x"}}]}]
            """, Extended("""
            "system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"go"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","is_error":true,"content":[{"type":"image","source":{"type":"url","url":"https://x"}}]}]}]
            """, out var dropped).GetProperty("messages"));
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData("""{"type":"document","title":"T","source":{"type":"text","media_type":"text/plain","data":"body"}}""", """{"role":"user","content":"T\nbody"}""")]
    [InlineData("""{"type":"document","source":{"type":"content","content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]}}""", """{"role":"user","content":"xy"}""")]
    [InlineData("""{"type":"search_result","title":"T","source":"https://x","content":[{"type":"text","text":"found"}]}""", """{"role":"user","content":"T\nhttps://x\nfound"}""")]
    [InlineData("""{"type":"document","title":"T.pdf","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}}""",
        """{"role":"user","content":[{"type":"file","file":{"filename":"T.pdf","file_data":"data:application/pdf;base64,AAAA"}}]}""")]
    public void Documents_AreTextOrFiles(string block, string expected) =>
        Same.Json(expected, MessagesRun.Sent($$$"""  "messages":[{"role":"user","content":[{{{block}}}]}]  """, Llama).GetProperty("messages")[0]);

    [Theory]
    [InlineData("""  "tools":[{"type":"web_search_20250305","name":"web_search"}]  """, "tools[0].type")]
    [InlineData("""  "mcp_servers":[{"url":"https://x"}]  """, "mcp_servers")]
    [InlineData("""  "container":"c"  """, "container")]
    public void WhatOnlyAnthropicHas_IsRefusedByName(string member, string param)
    {
        var refused = Assert.Throws<RequestRefusedException>(() => MessagesRun.SentText(MessagesRun.Inbound($"{member},{MessagesRun.Hi}"), Llama));
        Assert.Equal((param, "unsupported"), (refused.Param, refused.Code));
    }

    [Theory]
    [InlineData("""[{"type":"container_upload","file_id":"f"}]""")]
    [InlineData("""[{"type":"document","source":{"type":"url","url":"https://x"}}]""")]
    [InlineData("""[{"type":"image","source":{"type":"file","file_id":"f"}}]""")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("""[{"type":"text","text":""}]""")]
    [InlineData("7")]
    public void UserContent_ThatCannotBeSaid_IsRefused(string content) => Assert.Throws<RequestRefusedException>(
        () => MessagesRun.SentText(MessagesRun.Inbound($$$"""  "messages":[{"role":"user","content":{{{content}}}}]  """), Llama));

    [Fact]
    public void CapOfZero_IsRefusedWhereThereIsNoCacheToWarm()
    {
        var body = System.Text.Encoding.UTF8.GetBytes("""{"model":"m","max_tokens":0,"messages":[{"role":"user","content":"x"}]}""");
        var request = new InferenceRequest(Operation.Messages, body, Providers.OpenAi.RequestScanner.Scan(Operation.Messages, body, 64));
        Assert.Equal("max_tokens", Assert.Throws<RequestRefusedException>(() => MessagesRun.SentText(request, Llama)).Param);
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", "max_completion_tokens")]
    [InlineData("https://compatible.example/v1", "max_tokens")]
    public void Cap_HasTheNameThatTheServerTakes(string baseUrl, string name) =>
        Assert.Equal(1000, MessagesRun.Sent(MessagesRun.Hi, MessagesRun.Chat(baseUrl: baseUrl)).GetProperty(name).GetInt32());

    [Theory]
    [InlineData("""{"type":"auto"}""", "\"auto\"")]
    [InlineData("""{"type":"any"}""", "\"required\"")]
    [InlineData("""{"type":"none"}""", "\"none\"")]
    [InlineData("""{"type":"tool","name":"f"}""", """{"type":"function","function":{"name":"f"}}""")]
    public void ToolChoice_IsTranslated(string choice, string expected)
    {
        var sent = MessagesRun.Sent($$$"""  "tools":[{"name":"f","description":"d","input_schema":{"type":"object","properties":{"a":{} } }}],"tool_choice":{{{choice}}},{{{MessagesRun.Hi}}}  """, Llama);
        Same.Json(expected, sent.GetProperty("tool_choice"));
        Same.Json("""[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{}}}}}]""", sent.GetProperty("tools"));
        Assert.False(sent.TryGetProperty("parallel_tool_calls", out _));
    }

    [Fact]
    public void ParallelCalls_CanBeForbidden() => Assert.False(MessagesRun.Sent(
        $$$"""  "tools":[{"name":"f","input_schema":{} }],"tool_choice":{"type":"auto","disable_parallel_tool_use":true},{{{MessagesRun.Hi}}}  """, Llama).GetProperty("parallel_tool_calls").GetBoolean());

    [Theory]
    [InlineData("""  "thinking":{"type":"enabled","budget_tokens":2048}  """, "low")]
    [InlineData("""  "thinking":{"type":"enabled","budget_tokens":8192}  """, "medium")]
    [InlineData("""  "thinking":{"type":"enabled","budget_tokens":8193}  """, "high")]
    [InlineData("""  "thinking":{"type":"adaptive"},"output_config":{"effort":"max"}  """, "high")]
    [InlineData("""  "output_config":{"effort":"low"}  """, "low")]
    [InlineData("""  "thinking":{"type":"adaptive"}  """, null)]
    [InlineData("""  "thinking":{"type":"disabled"}  """, null)]
    public void Thinking_IsAnEffortForModelsThatReason(string members, string? effort)
    {
        var sent = MessagesRun.Sent($"{members},{MessagesRun.Hi}", MessagesRun.Chat("gpt-5.1", baseUrl: "https://api.openai.com/v1"));
        Assert.Equal(effort, sent.TryGetProperty("reasoning_effort", out var found) ? found.GetString() : null);
        Assert.False(MessagesRun.Sent($"{members},{MessagesRun.Hi}", Llama).TryGetProperty("reasoning_effort", out _));
        Assert.Equal(effort is null, MessagesRun.Dropped($"{members},{MessagesRun.Hi}", Llama).Count == 0);
    }

    [Theory]
    [InlineData("o3-mini", false)]
    [InlineData("gpt-5.4", false)]
    [InlineData("openai/gpt-6-sol", false)]
    [InlineData("gpt-5-chat-latest", true)]
    [InlineData("gpt-4o", true)]
    [InlineData("llama", true)]
    public void Sampling_GoesToModelsThatTakeIt(string model, bool taken)
    {
        const string Members = """  "temperature":0.5,"top_p":0.25,"top_k":3,"stop_sequences":["a","b","c","d","e"],  """ + MessagesRun.Hi;
        var sent = MessagesRun.Sent(Members, MessagesRun.Chat(model));
        Assert.Equal(taken, sent.TryGetProperty("temperature", out var temperature) && temperature.GetRawText() is "0.5");
        Assert.Equal(taken ? 4 : 0, sent.TryGetProperty("stop", out var stop) ? stop.GetArrayLength() : 0);
        Assert.Equal(taken ? ["stop_sequences", "top_k"] : ["stop_sequences", "temperature", "top_k", "top_p"], MessagesRun.Dropped(Members, MessagesRun.Chat(model)));
    }

    [Fact]
    public void TopK_GoesToOllama() =>
        Assert.Equal(3, MessagesRun.Sent($"\"top_k\":3,{MessagesRun.Hi}", MessagesRun.Target(ProviderType.Ollama, "llama")).GetProperty("top_k").GetInt32());

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""", true)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":[],"additionalProperties":false}""", false)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","properties":{}}},"required":["a"],"additionalProperties":false}""", false)]
    public void Schema_IsAskedForStrictlyWhereOpenAiTakesIt(string schema, bool strict)
    {
        var format = MessagesRun.Sent($$$"""  "output_config":{"format":{"type":"json_schema","schema":{{{schema}}}}},{{{MessagesRun.Hi}}}  """, Llama).GetProperty("response_format").GetProperty("json_schema");
        Assert.Equal((strict, "answer", schema), (format.GetProperty("strict").GetBoolean(), format.GetProperty("name").GetString(), format.GetProperty("schema").GetRawText()));
    }

    [Fact]
    public void WhatIsLeftOut_IsNamed() => Assert.Equal(
        ["anthropic-beta", "cache_control", "context_management", "messages.server_tool_use", "metadata", "prefill", "reasoning_details", "service_tier", "tools.defer_loading"],
        MessagesRun.Dropped(MessagesRun.Inbound("""
            "metadata":{"user_id":"u"},"service_tier":"standard_only","context_management":{"edits":[]},
            "tools":[{"name":"f","input_schema":{"type":"object"},"defer_loading":true}],
            "messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]},
            {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"from Anthropic itself"},{"type":"server_tool_use","id":"s","name":"web_search","input":{}},{"type":"text","text":"b"}]}]
            """, "effort-2025-11-24"), Llama));

    [Fact]
    public void PlainReasoning_GoesBackToItsMakerInsideTheToolLoop()
    {
        var own = OpaqueMark.Add(Llama, "");
        string Members(string mark, string then) => $$$"""
            "messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"so","signature":"{{{mark}}}"},{"type":"tool_use","id":"t","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"r"}]}{{{then}}}]
            """;
        var turn = MessagesRun.Sent(Members(own, ""), Llama).GetProperty("messages")[1];
        Assert.Equal("so", turn.GetProperty("reasoning_content").GetString());
        Assert.Empty(MessagesRun.Dropped(Members(own, ""), Llama));
        Assert.False(MessagesRun.Sent(Members(own, """,{"role":"user","content":"new"}"""), Llama).GetProperty("messages")[1].TryGetProperty("reasoning_content", out _));
        Assert.False(MessagesRun.Sent(Members(OpaqueMark.Add(MessagesRun.Chat(name: "q"), ""), ""), Llama).GetProperty("messages")[1].TryGetProperty("reasoning_content", out _));
    }

    [Fact]
    public void OpaqueItems_OfAServerOfOpenAisDialect_GoBackAsItSentThem()
    {
        var (_, message) = MessagesRun.Whole("""
            {"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"ok","reasoning":"so",
            "reasoning_details":[{"type":"reasoning.text","text":"so","signature":"sig","format":"anthropic-claude-v1"},{"type":"reasoning.encrypted","id":"rs_1","format":"openai-responses-v1","data":"enc"}]},"finish_reason":"stop"}]}
            """, Llama);
        var content = message.GetProperty("content").GetRawText();
        var back = MessagesRun.Sent($$$"""  "messages":[{"role":"user","content":"a"},{"role":"assistant","content":{{{content}}}},{"role":"user","content":"b"}]  """, Llama);
        Same.Json(
            """[{"type":"reasoning.text","text":"so","signature":"sig"},{"type":"reasoning.encrypted","id":"rs_1","format":"openai-responses-v1","data":"enc"}]""",
            back.GetProperty("messages")[1].GetProperty("reasoning_details"));
        var elsewhere = MessagesRun.Chat(name: "q");
        Assert.Equal(["reasoning_details"], MessagesRun.Dropped($$$"""  "messages":[{"role":"user","content":"a"},{"role":"assistant","content":{{{content}}}},{"role":"user","content":"b"}]  """, elsewhere));
    }

    private static JsonElement Extended(string members, out List<string> dropped)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        dropped = [];
        new MessagesCaller().WriteChat(MessagesRun.Inbound(members), MessagesRun.Target(), extended: true, output, dropped);
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }
}
