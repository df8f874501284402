using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Providers.Anthropic;
using Xunit;
using static Infermux.Providers.Tests.Anthropic.Translation;

namespace Infermux.Providers.Tests.Anthropic;

public sealed class AnthropicRequestTests
{
    private const string Tools = """
        "tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]
        """;

    private const string Schema = """
        "response_format":{"type":"json_schema","json_schema":{"name":"reply","strict":true,"schema":{"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"]}}}
        """;

    private static readonly string[] SentHeaders = ["anthropic-version", "x-api-key", "X-Request-Id", "anthropic-beta"];
    private static readonly string[] SentSettings = ["temperature", "top_p", "stop_sequences"];

    [Theory]
    [InlineData("https://api.example", "https://api.example/v1/messages")]
    [InlineData("https://api.example/", "https://api.example/v1/messages")]
    [InlineData("https://api.example/v1", "https://api.example/v1/messages")]
    [InlineData(null, "https://api.anthropic.com/v1/messages")]
    public void Request_GoesToTheMessagesPathWithItsHeaders(string? baseUrl, string expected)
    {
        var target = Target() with { Provider = new ProviderOptions { BaseUrl = baseUrl, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["anthropic-beta"] = "b" } } };
        using var request = Dialect.CreateRequest(Inbound($$"""{"model":"mine",{{Hi}}}"""), target);
        Assert.Equal(expected, request.RequestUri!.AbsoluteUri);
        Assert.Equal("2023-06-01 sk-ant-test r1 b", string.Join(' ', SentHeaders.Select(name => request.Headers.GetValues(name).Single())));
        Assert.Null(request.Headers.Authorization);
    }

    [Theory] // protocols 7.1, one row each: what the caller sends → what is sent
    [InlineData("""[{"role":"system","content":"a"},{"role":"developer","content":"b"},{"role":"user","content":"hi"}]""", """[{"role":"user","content":[{"type":"text","text":"hi"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"b"},{"type":"text","text":"  "}]}]""", """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""")]
    [InlineData("""[{"role":"assistant","content":"a"},{"role":"user","content":"b"}]""", """[{"role":"user","content":[{"type":"text","text":"Continue."}]},{"role":"assistant","content":[{"type":"text","text":"a"}]},{"role":"user","content":[{"type":"text","text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":null,"refusal":"no"},{"role":"user","content":"b"}]""", """[{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"assistant","content":[{"type":"text","text":"no"}]},{"role":"user","content":[{"type":"text","text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":""},{"role":"user","content":"b"}]""", """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"user","content":"b"}]""", """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"<system>\ns\n</system>"},{"type":"text","text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":"go on "}]""", """[{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"assistant","content":[{"type":"text","text":"go on"}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/jpg;base64,QUJD"}},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}]""", """[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"QUJD"}},{"type":"image","source":{"type":"url","url":"https://x/y.png"}}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QUJD"}}]}]""", """[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"QUJD"},"title":"a.pdf"}]}]""")]
    [InlineData("""[{"role":"user","content":"q"},{"role":"assistant","content":"t","tool_calls":[{"id":"c 1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},{"role":"tool","tool_call_id":"c2","content":"r2"},{"role":"tool","tool_call_id":"c 1","content":""},{"role":"user","content":"u"}]""", """[{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"text","text":"t"},{"type":"tool_use","id":"ifx-b-YyAx","name":"f","input":{"a": 1}},{"type":"tool_use","id":"c2","name":"g","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c2","content":"r2"},{"type":"tool_result","tool_use_id":"ifx-b-YyAx"},{"type":"text","text":"u"}]}]""")]
    public void Messages_AreTranslatedAsTheTableSays(string messages, string expected) =>
        Assert.Equal(expected, Sent($"\"messages\":{messages}").GetProperty("messages").GetRawText());

    [Fact]
    public void System_Leading_BecomesOneBlockEach()
    {
        var sent = Sent("""  "messages":[{"role":"system","content":"a"},{"role":"developer","content":[{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]},{"role":"user","content":"hi"}]""");
        Assert.Equal("""[{"type":"text","text":"a"},{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]""", sent.GetProperty("system").GetRawText());
    }

    [Fact]
    public void System_LaterOn_KeepsItsRoleWhereTheModelTakesIt()
    {
        var sent = Sent("""  "messages":[{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"user","content":"b"}]""", Opus48);
        Assert.Equal("user system user", string.Join(' ', sent.GetProperty("messages").EnumerateArray().Select(static m => m.GetProperty("role").GetString())));
    }

    [Fact]
    public void LastAssistantMessage_WhereItMayNotBeContinued_IsFollowedByTheUser()
    {
        var sent = Sent("""  "messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]""", "claude-sonnet-4-6");
        Assert.Equal("user assistant user", string.Join(' ', sent.GetProperty("messages").EnumerateArray().Select(static m => m.GetProperty("role").GetString())));
    }

    [Theory]
    [InlineData("""  "messages":[]""", "messages")]
    [InlineData("""  "messages":[{"role":"user","content":" "}]""", "messages[0].content")]
    [InlineData("""  "messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}]""", "messages[0].content[0].type")]
    [InlineData("""  "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/tiff;base64,QQ=="}}]}]""", "messages[0].content[0].image_url.url")]
    [InlineData("""  "messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f1"}}]}]""", "messages[0].content[0].file.file_id")]
    [InlineData("""  "messages":[{"role":"robot","content":"x"}]""", "messages[0].role")]
    [InlineData("""  "messages":[{"role":"tool","tool_call_id":"x","content":"x"}]""", "messages[0].tool_call_id")]
    [InlineData("""  "messages":[{"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"x"},{"role":"assistant","content":"x"}]""", "messages[0].tool_calls[0]")]
    [InlineData("""  "messages":[{"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":"[1]"}}]}]""", "messages[0].tool_calls[0].arguments")]
    [InlineData("""  "messages":[{"role":"assistant","tool_calls":[{"id":"x","type":"custom","custom":{"name":"f"}}]}]""", "messages[0].tool_calls[0]")]
    [InlineData(Hi + ",\"n\":2", "n")]
    [InlineData(Hi + ",\"logprobs\":true", "logprobs")]
    [InlineData(Hi + ",\"modalities\":[\"text\",\"audio\"]", "audio")]
    [InlineData(Hi + ",\"audio\":{\"voice\":\"x\"}", "audio")]
    [InlineData(Hi + ",\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"g\"}}]", "tools[0].type")]
    [InlineData(Hi + ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\"}}", "response_format.json_schema.schema")]
    public void Requests_ThatCannotBeSaid_AreRefusedWithTheFieldNamed(string members, string param) =>
        Assert.Equal(param, Assert.Throws<RequestRefusedException>(() => Sent(members)).Param);

    [Theory]
    [InlineData(Haiku45, "", 4096, null, null)]
    [InlineData(Haiku45, "", 4096, 64000L, null)]
    [InlineData(Haiku45, ",\"max_tokens\":10", 10, 64000L, null)]
    [InlineData(Haiku45, ",\"max_completion_tokens\":99999", 64000, 64000L, null)]
    [InlineData(Haiku45, ",\"max_tokens\":500", 77, 64000L, 77L)]
    [InlineData(Haiku45, ",\"max_tokens\":5000,\"reasoning_effort\":\"low\"", 11400, 64000L, null)]
    [InlineData(Haiku45, ",\"max_tokens\":5000,\"reasoning_effort\":\"low\"", 5000, 64000L, 5000L)]
    public void MaxTokens_IsTheHeldCapElseTheCallersElseTheModels(string model, string more, long expected, long? modelMax, long? held)
    {
        var sent = Sent(Hi + more, Target(model) with { ModelMaxOutput = modelMax, OutputCap = held });
        Assert.Equal(more.Length == 0 && modelMax is { } max ? max : expected, sent.GetProperty("max_tokens").GetInt64());
        Assert.True(!sent.TryGetProperty("thinking", out var thinking) || thinking.GetProperty("budget_tokens").GetInt64() < sent.GetProperty("max_tokens").GetInt64());
    }

    [Theory] // model, members → tool_choice, thinking, output_config, sampling, dropped
    [InlineData(Haiku45, ",\"temperature\":1.7,\"top_p\":0.5", null, null, null, "temperature=1", "top_p")]
    [InlineData("claude-3-5-sonnet-latest", ",\"temperature\":0.5,\"top_p\":0.5", null, null, null, "temperature=0.5 top_p=0.5", "")]
    [InlineData(Opus48, ",\"temperature\":0.5", null, null, null, "", "temperature")]
    [InlineData(Opus48, ",\"temperature\":1", null, null, null, "", "")]
    [InlineData("brand-new", ",\"temperature\":0.5,\"seed\":3", null, null, null, "", "seed temperature")]
    [InlineData(Haiku45, ",\"reasoning_effort\":\"high\",\"temperature\":0.5", null, """{"type":"enabled","budget_tokens":38400}""", null, "", "temperature")]
    [InlineData(Haiku45, ",\"reasoning_effort\":\"none\",\"temperature\":0.5", null, null, null, "temperature=0.5", "")]
    [InlineData("claude-sonnet-4-6", ",\"reasoning_effort\":\"xhigh\"", null, """{"type":"adaptive"}""", """{"effort":"max"}""", "", "")]
    [InlineData(Opus48, ",\"reasoning_effort\":\"minimal\"", null, """{"type":"adaptive"}""", """{"effort":"low"}""", "", "")]
    [InlineData("claude-opus-5", ",\"reasoning_effort\":\"none\"", null, """{"type":"disabled"}""", null, "", "")]
    [InlineData("claude-sonnet-5.5", ",\"reasoning_effort\":\"none\"", null, """{"type":"between_tools"}""", null, "", "")]
    [InlineData("claude-fable-5", ",\"reasoning_effort\":\"none\"", null, null, """{"effort":"low"}""", "", "")]
    [InlineData("claude-3-5-haiku-20241022", ",\"reasoning_effort\":\"low\"", null, null, null, "", "reasoning_effort")]
    [InlineData(Haiku45, "," + Tools + ",\"tool_choice\":\"required\"", """{"type":"any"}""", null, null, "", "")]
    [InlineData(Haiku45, "," + Tools + ",\"tool_choice\":\"none\"", """{"type":"none"}""", null, null, "", "")]
    [InlineData(Haiku45, "," + Tools + ",\"parallel_tool_calls\":false", """{"type":"auto","disable_parallel_tool_use":true}""", null, null, "", "")]
    [InlineData(Haiku45, "," + Tools + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}", """{"type":"tool","name":"weather"}""", null, null, "", "")]
    [InlineData("claude-opus-5", "," + Tools + ",\"tool_choice\":\"required\"", """{"type":"any"}""", """{"type":"disabled"}""", null, "", "")]
    [InlineData("claude-opus-5-5", "," + Tools + ",\"tool_choice\":\"required\"", null, null, null, "", "tool_choice")]
    [InlineData(Haiku45, "," + Schema, null, null, """{"format":{"type":"json_schema","schema":{"type":"object","properties":{"n":{"type":"integer","description":"{minimum: 1}"}},"required":["n"],"additionalProperties":false}}}""", "", "")]
    [InlineData(Old, "," + Schema, """{"type":"tool","name":"reply"}""", null, null, "", "")]
    [InlineData(Haiku45, ",\"frequency_penalty\":0,\"presence_penalty\":1,\"seed\":0,\"store\":false,\"logit_bias\":{},\"metadata\":{\"a\":\"b\"}", null, null, null, "", "metadata presence_penalty seed")]
    [InlineData(Haiku45, ",\"service_tier\":\"flex\",\"stop\":[\"\\n\",\"END\"]", null, null, null, "stop_sequences=[\"END\"]", "service_tier stop")]
    public void Settings_FollowWhatTheModelTakes(string model, string members, string? choice, string? thinking, string? config, string settings, string dropped)
    {
        var sent = Sent(Hi + members, Target(model) with { ModelMaxOutput = 64000 });
        Assert.Equal(choice, Raw(sent, "tool_choice"));
        Assert.Equal(thinking, Raw(sent, "thinking"));
        Assert.Equal(config, Raw(sent, "output_config"));
        var found = SentSettings.Where(name => Raw(sent, name) is not null).Select(name => $"{name}={Raw(sent, name)}");
        Assert.Equal(settings, string.Join(' ', found));
        Assert.Equal(dropped, string.Join(' ', Dropped(Hi + members, model)));
    }

    [Fact]
    public void ForcedTool_WhereItCannotBeForced_IsAskedForInWords()
    {
        var sent = Sent($"{Hi},{Tools},\"tool_choice\":{{\"type\":\"function\",\"function\":{{\"name\":\"weather\"}}}}", "claude-opus-5-5");
        Assert.Contains("'weather'", sent.GetProperty("system")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ThinkingBudget_AfterAToolResult_IsLeftOut()
    {
        const string members = """
            "reasoning_effort":"high","messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"r"}]
            """;
        Assert.Null(Raw(Sent(members), "thinking"));
        Assert.Equal("reasoning_effort", Assert.Single(Dropped(members)));
    }

    [Fact]
    public void CacheMarks_PastTheFourth_AreLeftOutAndNamed()
    {
        var part = """{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"1h"}}""";
        var members = $$"""
            "tools":[{"type":"function","function":{"name":"f"},"cache_control":{"type":"ephemeral"} }],"messages":[{"role":"user","content":[{{part}},{{part}},{{part}},{{part}}]}]
            """;
        var sent = Sent(members).GetRawText();
        Assert.Equal(4, sent.Split("cache_control").Length - 1);
        Assert.Contains("\"ttl\":\"1h\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"input_schema\":{\"type\":\"object\",\"properties\":{}}", sent, StringComparison.Ordinal);
        Assert.Equal("cache_control", Assert.Single(Dropped(members)));
    }

    [Fact]
    public void User_IsSentAsAHashAndNeverAsItIs()
    {
        var sent = Sent(Hi + ",\"user\":\"ann@example.org\"");
        Assert.Equal(64, sent.GetProperty("metadata").GetProperty("user_id").GetString()!.Length);
        Assert.DoesNotContain("ann@", sent.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_ForStructuredOutput_HasOnlyWhatIsTaken()
    {
        using var schema = JsonDocument.Parse("""
            {"type":"object","description":"d","properties":{"a":{"type":"string","pattern":"^x","format":"phone"},"b":{"oneOf":[{"type":"object","properties":{}},{"type":"null"}]},
             "c":{"type":"array","minItems":2,"items":{"type":"number","maximum":5}}},"$defs":{"t":{"type":["object","null"]}}}
            """);
        var sent = SchemaRules.Apply(schema.RootElement).ToJsonString();
        foreach (var gone in new[] { "\"pattern\"", "\"oneOf\"", "\"minItems\"", "\"maximum\"", "\"format\"" })
        {
            Assert.DoesNotContain(gone, sent, StringComparison.Ordinal);
        }

        Assert.Equal(3, sent.Split("\"additionalProperties\":false").Length - 1);
        Assert.Contains("pattern", JsonDocument.Parse(sent).RootElement.GetProperty("properties").GetProperty("a").GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude-opus-4-20250514", true)]
    [InlineData("anthropic/claude-opus-4.1", true)]
    [InlineData("claude-opus-4@20250514", true)]
    [InlineData("claude-opus-4-9", false)]
    [InlineData("claude-sonnet-6", false)]
    [InlineData("claude-fable-5-1", false)]
    [InlineData("claude-haiku-4-5-20251001", true)]
    [InlineData("gpt-4o", false)]
    public void ModelTraits_OfANameNotKnown_AreTheStrictest(string model, bool prefill) => Assert.Equal(prefill, ModelTraitTable.Find(model).Prefill);

    [Fact]
    public void HealthCheck_NeedsAKeyAndAsksForTheListing()
    {
        Assert.Null(Dialect.CreateHealthCheck(new ProviderOptions()));
        using var check = Dialect.CreateHealthCheck(new ProviderOptions { ApiKey = "k", BaseUrl = "http://x" });
        Assert.Equal("http://x/v1/models?limit=1", check!.RequestUri!.AbsoluteUri);
        using var chat = Dialect.CreateHealthCheck(new ProviderOptions { ApiKey = "k", Models = ["m"], HealthCheck = new() { Method = HealthCheckMethod.Chat } });
        Assert.Equal(HttpMethod.Post, chat!.Method);
    }

    private static string? Raw(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetRawText() : null;
}
