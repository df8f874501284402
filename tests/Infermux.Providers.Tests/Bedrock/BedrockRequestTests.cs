using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Providers.Bedrock;
using Infermux.Providers.Pivot;
using Xunit;
using static Infermux.Providers.Tests.Bedrock.Converse;

namespace Infermux.Providers.Tests.Bedrock;

public sealed class BedrockRequestTests
{
    private const string Tools = """
        "tools":[{"type":"function","function":{"name":"weather","description":"","parameters":{"properties":{"city":{"type":"string"}}}}}]
        """;

    private const string Called = """
        "messages":[{"role":"user","content":"w?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c 1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"X\"}"}}]},
        {"role":"tool","tool_call_id":"c 1","content":"rain"}]
        """;

    private const string Schema = """
        "response_format":{"type":"json_schema","json_schema":{"name":"reply","schema":{"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"]}}}
        """;

    [Theory]
    [InlineData(Haiku45, false, "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse")]
    [InlineData("arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.x", true, "https://bedrock-runtime.us-east-1.amazonaws.com/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.x/converse-stream")]
    public void Request_GoesToTheModelsOwnPathWithItsHeaders(string model, bool stream, string expected)
    {
        using var request = Dialect.CreateRequest(Inbound(Hi, stream), Target(model));
        Assert.Equal((HttpMethod.Post, expected), (request.Method, request.RequestUri!.AbsoluteUri));
        Assert.Equal("Bearer bedrock-key", request.Headers.Authorization!.ToString());
        Assert.Equal("r1", Assert.Single(request.Headers.GetValues("X-Request-Id")));
        Assert.Equal("application/json", request.Content!.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    public void Model_ThatWouldLeaveItsPath_IsRefused(string model) =>
        Assert.Equal("model", Assert.Throws<RequestRefusedException>(() => Sent(Hi, model)).Param);

    [Theory]
    [InlineData("us-east-1", null, "https://bedrock-runtime.us-east-1.amazonaws.com", "us-east-1")]
    [InlineData("cn-north-1", null, "https://bedrock-runtime.cn-north-1.amazonaws.com.cn", "cn-north-1")]
    [InlineData(null, "https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/", "https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1")]
    [InlineData(null, "https://vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "https://vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "eu-west-1")]
    [InlineData("eu-west-1", "http://127.0.0.1:9000/", "http://127.0.0.1:9000", "eu-west-1")]
    [InlineData(null, "http://127.0.0.1:9000", "http://127.0.0.1:9000", null)]
    public void Region_ComesFromItsKeyElseFromTheHost(string? region, string? baseUrl, string url, string? expected)
    {
        var provider = new ProviderOptions { Name = "aws", Type = ProviderType.Bedrock, AwsRegion = region, BaseUrl = baseUrl };
        Assert.Equal((url, expected), (AwsRegion.BedrockUrl(provider), AwsRegion.Of(provider)));
    }

    [Fact]
    public void Messages_BecomeUnionsThatAlternateAndSystemBlocks()
    {
        var sent = Sent("""
            "messages":[{"role":"system","content":"be brief"},{"role":"assistant","content":"hello"},{"role":"user","content":"a"},
            {"role":"user","content":[{"type":"text","text":"b"},{"type":"text","text":" "}]},{"role":"developer","content":"late"}]
            """);
        Assert.Equal("""[{"text":"be brief"}]""", sent.GetProperty("system").GetRawText());
        Assert.Equal(
            """[{"role":"user","content":[{"text":"Continue."}]},{"role":"assistant","content":[{"text":"hello"}]},{"role":"user","content":[{"text":"a"},{"text":"b"},{"text":"<system>\nlate\n</system>"}]}]""",
            sent.GetProperty("messages").GetRawText());
    }

    [Fact]
    public void ToolRound_BecomesToolUseAndItsResultWithSafeIds()
    {
        var messages = Sent($"{Called},{Tools}").GetProperty("messages");
        var use = messages[1].GetProperty("content")[0].GetProperty("toolUse");
        var result = messages[2].GetProperty("content")[0].GetProperty("toolResult");
        Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", use.GetProperty("toolUseId").GetString());
        Assert.Equal(use.GetProperty("toolUseId").GetString(), result.GetProperty("toolUseId").GetString());
        Assert.Equal(("weather", """{"city":"X"}"""), (use.GetProperty("name").GetString(), use.GetProperty("input").GetRawText()));
        Assert.Equal("""[{"text":"rain"}]""", result.GetProperty("content").GetRawText());
    }

    [Theory]
    [InlineData(Haiku45, "\"is_error\":true,\"content\":\"boom\"", """[{"text":"boom"}],"status":"error"}""")]
    [InlineData(Nova, "\"is_error\":true,\"content\":\"\"", """[{"json":{}}],"status":"error"}""")]
    [InlineData(Llama, "\"is_error\":true,\"content\":\"boom\"", """[{"text":"Error: boom"}]}""")]
    [InlineData(Llama, "\"is_error\":true,\"content\":\"\"", """[{"text":"Error:"}]}""")]
    [InlineData(Llama, "\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}]", """[{"text":"a"},{"image":{"format":"png","source":{"bytes":"AA=="}}}]}""")]
    public void ToolResult_OfAnyContent_SaysWhetherItFailed(string model, string content, string expected)
    {
        var sent = Sent(Called.Replace("\"content\":\"rain\"", content, StringComparison.Ordinal), model);
        Assert.EndsWith(expected, sent.GetProperty("messages")[2].GetProperty("content")[0].GetProperty("toolResult").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tool_WithoutDescriptionAndType_GetsASchemaThatIsTaken() => Assert.Equal(
        """{"tools":[{"toolSpec":{"name":"weather","inputSchema":{"json":{"type":"object","properties":{"city":{"type":"string"}}}}}}]}""",
        Sent($"{Hi},{Tools}", Haiku45, "toolConfig"));

    [Theory]
    [InlineData("\"auto\"", Haiku45, null, "")]
    [InlineData("\"required\"", Haiku45, """{"any":{}}""", "")]
    [InlineData("""{"type":"function","function":{"name":"weather"}}""", Nova, """{"tool":{"name":"weather"}}""", "")]
    [InlineData("\"required\"", Llama, null, "tool_choice")]
    [InlineData("\"required\"", "anthropic.claude-opus-5-5", null, "tool_choice")]
    public void ToolChoice_IsSaidWhereTheModelTakesIt(string choice, string model, string? expected, string dropped)
    {
        var members = $"{Hi},{Tools},\"tool_choice\":{choice}";
        Assert.Equal(expected, Sent(members, model).GetProperty("toolConfig").TryGetProperty("toolChoice", out var sent) ? sent.GetRawText() : null);
        Assert.Equal(dropped, string.Join(',', Dropped(members, model)));
        Assert.Equal(dropped.Length > 0, Sent(members, model).TryGetProperty("system", out _));
    }

    [Fact]
    public void ToolChoiceNone_LeavesTheToolsOutUnlessTheConversationCalledThem()
    {
        Assert.Null(Sent($"{Hi},{Tools},\"tool_choice\":\"none\"", Haiku45, "toolConfig"));
        Assert.Empty(Dropped($"{Hi},{Tools},\"tool_choice\":\"none\""));
        var members = $"{Called},{Tools},\"tool_choice\":\"none\"";
        Assert.Contains("weather", Sent(members, Haiku45, "toolConfig"), StringComparison.Ordinal);
        Assert.Contains("Do not call a tool", Sent(members, Haiku45, "system"), StringComparison.Ordinal);
        Assert.Equal(["tool_choice"], Dropped(members));
    }

    [Fact]
    public void CalledTool_NoLongerOffered_IsStillDescribed()
    {
        Assert.Contains("\"name\":\"weather\"", Sent(Called, Haiku45, "toolConfig"), StringComparison.Ordinal);
        Assert.Contains("Do not call a tool", Sent(Called, Haiku45, "system"), StringComparison.Ordinal);
        var other = Tools.Replace("weather", "clock", StringComparison.Ordinal);
        var config = Sent($"{Called},{other}").GetProperty("toolConfig");
        Assert.Equal(["clock", "weather"], config.GetProperty("tools").EnumerateArray().Select(static t => t.GetProperty("toolSpec").GetProperty("name").GetString()));
    }

    [Fact]
    public void InferenceConfig_HasWhatWasAskedAndAlwaysACap()
    {
        Assert.Equal(
            """{"maxTokens":7,"temperature":1,"topP":0.5,"stopSequences":["x"]}""",
            Sent($"{Hi},\"max_tokens\":7,\"temperature\":1.5,\"top_p\":0.5,\"stop\":[\"x\",\" \"]", Nova, "inferenceConfig"));
        Assert.Equal("""{"maxTokens":16384}""", Sent(Hi, Nova, "inferenceConfig"));
        var target = Target(Nova) with { ModelMaxOutput = 10_000 };
        Assert.Equal(10_000, Sent(Hi, target).GetProperty("inferenceConfig").GetProperty("maxTokens").GetInt32());
        Assert.Equal(50, Sent(Hi, target with { OutputCap = 50 }).GetProperty("inferenceConfig").GetProperty("maxTokens").GetInt32());
    }

    [Theory]
    [InlineData(Haiku45, "\"top_k\":5", """{"top_k":5}""", null, "")]
    [InlineData(Nova, "\"top_k\":5", null, null, "top_k")]
    [InlineData(Sonnet4, "\"reasoning_effort\":\"low\",\"max_tokens\":20000", """{"thinking":{"type":"enabled","budget_tokens":2000}}""", null, "")]
    [InlineData("anthropic.claude-opus-4-6-v1", "\"reasoning_effort\":\"high\"", """{"thinking":{"type":"adaptive"}}""", """{"effort":"high"}""", "")]
    [InlineData("us.anthropic.claude-opus-5", "\"reasoning_effort\":\"xhigh\"", null, """{"effort":"xhigh"}""", "")]
    [InlineData("openai.gpt-oss-120b-1:0", "\"reasoning_effort\":\"xhigh\"", """{"reasoning_effort":"high"}""", null, "")]
    [InlineData(Llama, "\"reasoning_effort\":\"high\"", null, null, "reasoning_effort")]
    public void ReasoningAndTopK_GoWhereTheModelTakesThem(string model, string asked, string? fields, string? output, string dropped)
    {
        Assert.Equal(fields, Sent($"{Hi},{asked}", model, "additionalModelRequestFields"));
        Assert.Equal(output, Sent($"{Hi},{asked}", model, "outputConfig"));
        Assert.Equal(dropped, string.Join(',', Dropped($"{Hi},{asked}", model)));
    }

    [Fact]
    public void Schema_IsSentAsTheTextOfAClosedOneWhereTheModelTakesIt()
    {
        var format = Sent($"{Hi},{Schema}").GetProperty("outputConfig").GetProperty("textFormat");
        var schema = format.GetProperty("structure").GetProperty("jsonSchema");
        Assert.Equal(("json_schema", "reply"), (format.GetProperty("type").GetString(), schema.GetProperty("name").GetString()));
        var text = schema.GetProperty("schema").GetString()!;
        Assert.False(JsonDocument.Parse(text).RootElement.GetProperty("additionalProperties").GetBoolean());
        Assert.DoesNotContain("\"minimum\":", text, StringComparison.Ordinal);
        Assert.Contains("textFormat", Sent($"{Hi},{Schema}", "qwen.qwen3-32b-v1:0", "outputConfig"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Nova)]
    [InlineData(Sonnet4)]
    public void Schema_OfAModelThatTakesNone_IsAForcedTool(string model)
    {
        var config = Sent($"{Hi},{Schema}", model).GetProperty("toolConfig");
        Assert.Equal("""{"tool":{"name":"reply"}}""", config.GetProperty("toolChoice").GetRawText());
        Assert.Null(Sent($"{Hi},{Schema}", model, "outputConfig"));
        Assert.Contains("valid under this JSON schema", Sent($"{Hi},{Schema}", Llama, "system"), StringComparison.Ordinal);
    }

    [Fact]
    public void CacheMark_BecomesABlockAfterItsPartSystemTextAndTool()
    {
        const string mark = "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";
        var members = $$$"""
            "messages":[{"role":"system","content":[{"type":"text","text":"s",{{{mark}}}}]},{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"b"}]}],
            "tools":[{"type":"function","function":{"name":"f"},{{{mark}}}}]
            """;
        var sent = Sent(members);
        Assert.Equal("""[{"text":"s"},{"cachePoint":{"type":"default","ttl":"1h"}}]""", sent.GetProperty("system").GetRawText());
        Assert.Equal("""[{"text":"a"},{"cachePoint":{"type":"default"}},{"text":"b"}]""", sent.GetProperty("messages")[0].GetProperty("content").GetRawText());
        Assert.EndsWith("""{"cachePoint":{"type":"default","ttl":"1h"}}]}""", sent.GetProperty("toolConfig").GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("cachePoint", Sent(members, Llama).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["cache_control"], Dropped(members, Llama));
        Assert.Empty(Dropped(members));
    }

    [Fact]
    public void Image_TravelsAsBytesAndNotAsALink()
    {
        var sent = Sent(Part("""{"type":"image_url","image_url":{"url":"data:image/jpg;base64,/9j/"}}"""));
        Assert.Equal("""[{"image":{"format":"jpeg","source":{"bytes":"/9j/"}}}]""", sent.GetProperty("messages")[0].GetProperty("content").GetRawText());
        var refused = Assert.Throws<RequestRefusedException>(() => Sent(Part("""{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}""")));
        Assert.Equal("messages[0].content[0].image_url.url", refused.Param);
    }

    [Fact]
    public void Document_HasACleanNameOfItsOwnAndATextBesideIt()
    {
        const string file = """{"type":"file","file":{"filename":"Q3 — report (final)_v2.pdf","file_data":"data:application/pdf;base64,AA=="}}""";
        var content = Sent(Part($"{file},{file}")).GetProperty("messages")[0].GetProperty("content");
        var names = content.EnumerateArray().Take(2).Select(static block => block.GetProperty("document").GetProperty("name").GetString()).ToList();
        Assert.Equal(["Q3 report (final) v2", "Q3 report (final) v2 (2)"], names);
        Assert.Equal("Q3 report (final) v2 (2)", content[2].GetProperty("text").GetString());
        Assert.Equal("pdf", content[0].GetProperty("document").GetProperty("format").GetString());
    }

    [Theory]
    [InlineData("text/plain", "notes.md", "md")]
    [InlineData("text/csv", null, "csv")]
    [InlineData("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx", "docx")]
    [InlineData("application/octet-stream", "a.xlsx", "xlsx")]
    [InlineData("application/zip", "a.zip", null)]
    public void DocumentFormat_IsKnownByItsTypeElseByItsName(string type, string? name, string? expected) => Assert.Equal(expected, DocumentFormats.Of(type, name));

    [Fact]
    public void Reasoning_GoesBackToItsMakerOnlyAndFirst()
    {
        var target = Target();
        string Turn(AttemptTarget maker) => $$"""
            "messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","reasoning_content":"shown","reasoning_details":[
            {"type":"reasoning.text","text":"hm","signature":"{{OpaqueMark.Add(maker, "c2ln.x")}}","index":0},{"type":"reasoning.encrypted","data":"{{OpaqueMark.Add(maker, "AAEC")}}"},
            {"type":"reasoning.summary","summary":"s"}]},{"role":"user","content":"r"}]
            """;
        var own = Sent(Turn(target), target).GetProperty("messages")[1].GetProperty("content");
        Assert.Equal(
            """[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2ln.x"}}},{"reasoningContent":{"redactedContent":"AAEC"}},{"text":"a"}]""", own.GetRawText());
        Assert.Empty(Dropped(Turn(target)));
        var other = Turn(Target(Opus48));
        Assert.Equal("""[{"text":"a"}]""", Sent(other, target).GetProperty("messages")[1].GetProperty("content").GetRawText());
        Assert.Equal(["reasoning_details"], Dropped(other));
    }

    [Fact]
    public void Thinking_WithinAToolRound_NeedsTheReasoningOfItsTurn()
    {
        const string effort = ",\"reasoning_effort\":\"low\",\"max_tokens\":20000";
        Assert.Equal(["reasoning_effort"], Dropped(Called + effort, Sonnet4));
        var target = Target(Sonnet4);
        var signed = Called.Replace("\"content\":null", $$"""  "content":null,"reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"{{OpaqueMark.Add(target, "s")}}"}]""", StringComparison.Ordinal);
        Assert.Equal("enabled", Sent(signed + effort, target).GetProperty("additionalModelRequestFields").GetProperty("thinking").GetProperty("type").GetString());
    }

    [Fact]
    public void Fields_WithoutAPlace_AreNamed()
    {
        const string lost = """ "logprobs":true,"logit_bias":{"1":2},"seed":1,"frequency_penalty":1,"presence_penalty":0,"prediction":{"type":"content"},"user":"u","service_tier":"flex","parallel_tool_calls":false """;
        Assert.Equal(["frequency_penalty", "logit_bias", "logprobs", "parallel_tool_calls", "prediction", "seed", "service_tier", "user"], Dropped($"{Hi},{lost},{Tools}"));
        Assert.Empty(Dropped($"{Hi},\"service_tier\":\"auto\",\"seed\":null"));
    }

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "audio")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"x\"}}]", "tools[0].type")]
    public void Request_ThatCannotBeSaid_IsRefusedByName(string member, string param) =>
        Assert.Equal(param, Assert.Throws<RequestRefusedException>(() => Sent($"{Hi},{member}")).Param);

    [Theory]
    [InlineData("anthropic.claude-3-haiku-20240307-v1:0", true, true)]
    [InlineData("arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-5-sonnet-20241022-v2:0", true, true)]
    [InlineData("us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", true, true)]
    [InlineData("anthropic.claude-sonnet-9", true, false)]
    [InlineData(Nova, false, false)]
    [InlineData("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123", false, false)]
    public void ModelTraits_AreReadOffAnyFormOfTheId(string id, bool claude, bool prefill) =>
        Assert.Equal((claude, prefill), (BedrockModel.Of(id).IsClaude, BedrockModel.Of(id).Traits.Prefill));

    [Fact]
    public void HealthCheck_AsksNothingThatIsNotFreeUnlessToldTo()
    {
        Assert.Null(Dialect.CreateHealthCheck(new ProviderOptions { ApiKey = "k", AwsRegion = "us-east-1" }));
        using var chat = Dialect.CreateHealthCheck(new ProviderOptions { AwsRegion = "us-east-1", Models = ["m"], HealthCheck = new() { Method = HealthCheckMethod.Chat } });
        Assert.EndsWith("/model/m/converse", chat!.RequestUri!.AbsoluteUri, StringComparison.Ordinal);
    }

    private static string Part(string part) => $$"""  "messages":[{"role":"user","content":[{{part}}]}]""";
}
