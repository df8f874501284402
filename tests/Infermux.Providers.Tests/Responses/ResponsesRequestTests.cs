using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Providers.Responses;
using Infermux.Providers.Responses.Upstream;
using Xunit;

namespace Infermux.Providers.Tests.Responses;

public sealed class ResponsesRequestTests
{
    [Fact]
    public void Scan_FindsWhatRoutingAndMoneyNeed()
    {
        var facts = Runs.Request(
            """{"model":"m","instructions":"12345678","input":[{"role":"user","content":[{"type":"input_text","text":"1234"}]}],"max_output_tokens":50,"max_tokens":"ignored","stream":true,"tools":[{"type":"web_search"}]}""").Facts;
        Assert.Equal(("m", 50L, true, true), (facts.Model, facts.MaxTokens, facts.Stream, facts.Tools));
        Assert.True(facts.PromptEstimate >= 3, "instructions and text");
    }

    [Theory]
    [InlineData("""{"type":"input_image","image_url":"data:image/png;base64,AAAA"}""")]
    [InlineData("""{"type":"input_image","file_id":"file_1"}""")]
    [InlineData("""{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}""")]
    [InlineData("""{"type":"input_file","file_url":"https://example.com/a.pdf"}""")]
    public void PromptBound_CountsMediaAtTheirMaximum(string part)
    {
        var plain = Runs.Request("""{"model":"m","input":[{"role":"user","content":[]}]}""").Facts.PromptBound;
        Assert.True(Runs.Request($$"""{"model":"m","input":[{"role":"user","content":[{{part}}]}]}""").Facts.PromptBound > plain + 4_000);
    }

    [Theory]
    [InlineData("""{"model":"m","input":5}""", "input")]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":"x","Input":"y"}""", "input")]
    [InlineData("""{"model":"m","input":"x","max_output_tokens":0}""", "max_output_tokens")]
    [InlineData("""{"model":"m","input":"x","previous_response_id":"resp_1"}""", "previous_response_id")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":"x"},{"type":"item_reference","id":"x"}]}""", "input[1]")]
    public void BadRequest_IsRefusedByName(string json, string param) =>
        Assert.Equal(param, Assert.Throws<RequestRefusedException>(() => Runs.Request(json)).Param);

    [Theory]
    [InlineData("""{"model":"m","input":"x","previous_response_id":null,"background":false}""")]
    [InlineData("""{"model":"m","input":"previous_response_id","metadata":{"conversation":"x"}}""")]
    public void State_NotAskedFor_IsNoReason(string json) => Assert.Equal("m", Runs.Request(json).Facts.Model);

    [Theory]
    [InlineData("\"imx1.open%2Eai.m.x\"", "open.ai")]
    [InlineData("\"imx1.a.m.x\",\"imx1.b.m.y\"", "b")]
    [InlineData("\"imx1.a.m.x\",\"imx1.b.m.\"", "a")]
    [InlineData("\"imx1.b.m.\"", null)]
    [InlineData("\"no imx1.a.m.x\"", null)]
    [InlineData("\"imx1.\"", null)]
    public void Maker_IsThatOfTheNewestMark(string values, string? maker)
    {
        var facts = Runs.Request($$"""{"model":"m","input":"x","y":[{{values}}]}""").Facts;
        Assert.Equal(maker, facts.Maker);
    }

    [Theory]
    [InlineData(ProviderType.OpenAi, null, null, true)]
    [InlineData(ProviderType.OpenAi, "https://api.openai.com/v1", null, true)]
    [InlineData(ProviderType.OpenAi, "https://eu.api.openai.com/v1", null, true)]
    [InlineData(ProviderType.OpenAi, "https://api.groq.com/openai/v1", null, false)]
    [InlineData(ProviderType.OpenAi, "http://localhost:1234/v1", true, true)]
    [InlineData(ProviderType.OpenAi, null, false, false)]
    [InlineData(ProviderType.AzureOpenAi, "https://r.openai.azure.com", null, true)]
    [InlineData(ProviderType.AzureOpenAi, "https://r.openai.azure.com", false, false)]
    [InlineData(ProviderType.Ollama, null, null, false)]
    [InlineData(ProviderType.Ollama, null, true, true)]
    [InlineData(ProviderType.Anthropic, null, true, false)]
    [InlineData(ProviderType.Echo, null, true, false)]
    public void Provider_SpeaksResponses_ByHostOrByItsKey(ProviderType type, string? baseUrl, bool? key, bool expected) =>
        Assert.Equal(expected, ResponsesSupport.Speaks(new ProviderOptions { Name = "p", Type = type, BaseUrl = baseUrl, ResponsesApi = key }));

    [Theory]
    [InlineData(ProviderType.OpenAi, null, null, "https://api.openai.com/v1/responses", "gpt-6")]
    [InlineData(ProviderType.AzureOpenAi, "https://r.openai.azure.com", null, "https://r.openai.azure.com/openai/v1/responses", "gpt-6")]
    [InlineData(ProviderType.AzureOpenAi, "https://r.openai.azure.com/openai/v1", null, "https://r.openai.azure.com/openai/v1/responses", "gpt-6")]
    [InlineData(ProviderType.AzureOpenAi, "https://r.openai.azure.com", "dep", "https://r.openai.azure.com/openai/v1/responses", "dep")]
    public void Address_OfEachType_IsTheDocumentedOne(ProviderType type, string? baseUrl, string? deployment, string expected, string model)
    {
        var target = new AttemptTarget { Provider = new ProviderOptions { Name = "p", Type = type, BaseUrl = baseUrl, AzureDeployment = deployment }, Model = "gpt-6" };
        var request = Runs.Request("""{"model":"mine","input":"x"}""");
        using var message = Dialects.For(Operation.Responses, target.Provider).CreateRequest(request, target);
        Assert.Equal(expected, message.RequestUri!.AbsoluteUri);
        Assert.Equal(model, Runs.Sent(request, target).GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("\"max_output_tokens\":500", 100, 100)]
    [InlineData("\"max_output_tokens\":50", 100, 50)]
    [InlineData("\"x\":1", 100, 100)]
    public void Cap_IsTheSmallerOfTheCallersAndTheHolds(string member, long held, long sent) =>
        Assert.Equal(sent, Runs.Sent(Runs.Request($$"""{"model":"m","input":"x",{{member}}}"""), Runs.OpenAi("m") with { OutputCap = held }).GetProperty("max_output_tokens").GetInt64());

    [Fact]
    public void ReasoningWithoutItsContent_PointsAtAStateNobodyKeeps_AndIsRemovedWithTheIdsBehindIt()
    {
        var request = Runs.Request(
            """{"model":"m","input":[{"role":"user","content":"x"},{"type":"reasoning","id":"rs_1","summary":[]},{"type":"function_call","id":"fc_1","call_id":"c","name":"a","arguments":"{}"},{"type":"function_call_output","id":"o_1","call_id":"c","output":"y"}]}""");
        var input = Runs.Sent(request, Runs.OpenAi("m")).GetProperty("input").EnumerateArray().ToList();
        Assert.Equal(3, input.Count);
        Assert.False(input[1].TryGetProperty("id", out _));
        Assert.True(input[2].TryGetProperty("id", out _));
        Assert.Equal(["reasoning_details"], Runs.Dropped(request, Runs.OpenAi("m")));
    }

    [Fact]
    public void MarkedItem_GoesToItsMakerAloneAndWithoutTheMark()
    {
        var request = Runs.Request(
            """{"model":"m","input":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"imx1.openai.m.gAAAA"},{"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"imx1.azure.m.gBBBB"},{"role":"assistant","content":"x"}]}""");
        var input = Runs.Sent(request, Runs.OpenAi("m")).GetProperty("input").EnumerateArray().ToList();
        Assert.Equal(["gAAAA", null], input.Select(i => i.TryGetProperty("encrypted_content", out var value) ? value.GetString() : null));
        Assert.Equal(["reasoning_details"], Runs.Dropped(request, Runs.OpenAi("m")));
    }

    [Theory]
    [InlineData("\"store\":true")]
    [InlineData("\"store\":null")]
    [InlineData("\"store\":false")]
    [InlineData("\"x\":1")]
    public void Store_IsFalseWhateverTheCallerSays(string member) =>
        Assert.False(Runs.Sent(Runs.Request($$"""{"model":"m",{{member}},"input":"x"}"""), Runs.OpenAi("m")).GetProperty("store").GetBoolean());

    [Fact]
    public void OpaqueValueWithoutAMark_StaysInTheSameDialect()
    {
        var request = Runs.Request("""{"model":"m","input":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAA"},{"role":"assistant","content":"x"}]}""");
        Assert.Equal("gAAAA", Runs.Sent(request, Runs.OpenAi("m")).GetProperty("input")[0].GetProperty("encrypted_content").GetString());
        Assert.Empty(Runs.Dropped(request, Runs.OpenAi("m")));
    }

    [Theory]
    [InlineData("gpt-4o", ChatTools.Taken)]
    [InlineData("gpt-4-0613", ChatTools.Taken)]
    [InlineData("gpt-35-turbo", ChatTools.Taken)]
    [InlineData("gpt-oss-120b", ChatTools.Taken)]
    [InlineData("o3-mini", ChatTools.Taken)]
    [InlineData("claude-opus-5-5", ChatTools.Taken)]
    [InlineData("gpt-5", ChatTools.Taken)]
    [InlineData("gpt-5-nano-2025-08-07", ChatTools.Taken)]
    [InlineData("gpt-5.3-codex", ChatTools.Taken)]
    [InlineData("gpt-5.4", ChatTools.WithoutEffort)]
    [InlineData("gpt-5.5-2026-04-23", ChatTools.WithoutEffort)]
    [InlineData("gpt-5.6", ChatTools.WithEffortNone)]
    [InlineData("gpt-6-sol", ChatTools.WithEffortNone)]
    [InlineData("gpt-6-luna", ChatTools.WithEffortNone)]
    [InlineData("gpt-6-astra", ChatTools.Refused)]
    [InlineData("gpt-6.1-terra", ChatTools.Refused)]
    [InlineData("GPT-6.2-astra", ChatTools.Refused)]
    [InlineData("gpt-6.10", ChatTools.Refused)]
    [InlineData("gpt-7", ChatTools.Refused)]
    [InlineData("gpt-", ChatTools.Taken)]
    [InlineData("gpt-999999999999", ChatTools.Taken)]
    internal void Table_KnowsEachVersion_AndReadsNewerAsStrictest(string model, ChatTools expected) => Assert.Equal(expected, ChatToolTable.Of(model));

    [Fact]
    public void Chat_ToACompatibleServer_IsNeverSentByResponses()
    {
        var request = Runs.Request("""{"model":"mine","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a"}}]}""", Operation.ChatCompletions);
        var target = Runs.Groq with { Model = "gpt-7" };
        using var message = Dialects.For(Operation.ChatCompletions, target.Provider).CreateRequest(request, target);
        Assert.EndsWith("/chat/completions", message.RequestUri!.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public void ChatConversation_AsItems_KeepsItsOrderWithoutItemIds()
    {
        var sent = Runs.Sent(
            Runs.Request(
                """
                {"model":"mine","max_tokens":900,"n":1,"logit_bias":{"1":2},"tools":[{"type":"function","function":{"name":"a"}}],"tool_choice":{"type":"function","function":{"name":"a"}},
                "messages":[{"role":"developer","content":"d"},{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},{"type":"file","file":{"file_data":"data:application/pdf;base64,AA","filename":"a.pdf"}}]},
                {"role":"assistant","content":"let me","reasoning_content":"never sent","tool_calls":[{"id":"c1","type":"function","function":{"name":"a","arguments":""}}],
                 "reasoning_details":[{"type":"reasoning.encrypted","id":"rs_1","summary":["s"],"data":"imx1.openai.gpt-6%2E1-sol.gAAAA"},{"type":"reasoning.encrypted","id":"rs_2","summary":[],"before":"c1","data":"imx1.openai.gpt-6%2E1-sol.gBBBB"},{"type":"reasoning.text","text":"x","signature":"imx1.anthropic.m.sig"}]},
                {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"r"}],"is_error":true}]}
                """,
                Operation.ChatCompletions),
            Runs.OpenAi());
        var input = sent.GetProperty("input").EnumerateArray().ToList();
        Assert.Equal(["message", "message", "reasoning", "message", "reasoning", "function_call", "function_call_output"], input.Select(i => i.GetProperty("type").GetString()));
        Assert.Equal(["input_text", "input_image", "input_file"], input[1].GetProperty("content").EnumerateArray().Select(p => p.GetProperty("type").GetString()));
        Assert.Equal(("gAAAA", "gBBBB"), (input[2].GetProperty("encrypted_content").GetString(), input[4].GetProperty("encrypted_content").GetString()));
        Assert.Equal(("{}", false), (input[5].GetProperty("arguments").GetString(), input[5].TryGetProperty("id", out _)));
        Assert.Equal("Error: ", input[6].GetProperty("output")[0].GetProperty("text").GetString());
        Assert.Equal((900, false), (sent.GetProperty("max_output_tokens").GetInt32(), sent.GetProperty("tools")[0].GetProperty("strict").GetBoolean()));
        Assert.Equal("""{"type":"function","name":"a"}""", sent.GetProperty("tool_choice").GetRawText());
        Assert.DoesNotContain("never sent", sent.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void MarkedReasoning_IsCutOutOfChatAndTheRestKeepsItsBytes()
    {
        const string Body = """{"model":"m", "messages":[ {"role":"user","content":"é  "},{"role":"assistant","content":"y","reasoning_details":[{"type":"x","data":"theirs"},{"type":"reasoning.text","text":"t","signature":"imx1.a.b.c"}],"z":1}],"x": [1]}""";
        var sent = Runs.Sent(Runs.Request(Body, Operation.ChatCompletions), Runs.Groq with { Model = "m" });
        Assert.Equal("""[{"type":"x","data":"theirs"}]""", sent.GetProperty("messages")[1].GetProperty("reasoning_details").GetRawText());
        Assert.Equal("1", sent.GetProperty("messages")[1].GetProperty("z").GetRawText());
        Assert.Equal("[1]", sent.GetProperty("x").GetRawText());
    }

    [Fact]
    public void Whole_ChatOverResponses_SaysCallsReasoningAndUsage()
    {
        var request = Runs.Request("""{"model":"mine","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a"}}]}""", Operation.ChatCompletions);
        var (answer, text) = Runs.Whole(
            request, Runs.OpenAi(),
            """{"id":"resp_1","object":"response","created_at":7,"status":"completed","error":null,"service_tier":"flex","output":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"encrypted_content":"gAAAA"},{"type":"message","content":[{"type":"output_text","text":"hi"}]},{"type":"function_call","call_id":"c1","name":"a","arguments":"{}"}],"usage":{"input_tokens":5,"output_tokens":7,"total_tokens":12}}""");
        var json = JsonDocument.Parse(text).RootElement;
        var message = json.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(("mine", "tool_calls", "hi", "a\n\nb"), (json.GetProperty("model").GetString(), json.GetProperty("choices")[0].GetProperty("finish_reason").GetString(), message.GetProperty("content").GetString(), message.GetProperty("reasoning_content").GetString()));
        Assert.Equal(("flex", 12L), (answer.ServiceTier, answer.Usage!.Value.Total));
    }

    [Theory]
    [InlineData("""{"id":"r","object":"response","status":"failed","error":{"code":"server_error","message":"m"},"output":[]}""")]
    [InlineData("""{"id":"r","object":"response","status":"in_progress","error":null,"output":[]}""")]
    [InlineData("""{"error":{"message":"m","type":"server_error"}}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("<html>")]
    public void Whole_ThatIsNoAnswer_IsAFailure(string body)
    {
        Assert.NotNull(Runs.Whole(Runs.Request("""{"model":"mine","input":"x"}"""), Runs.OpenAi(), body).Answer.Failure);
        var chat = Runs.Request("""{"model":"mine","messages":[],"tools":[{"type":"function","function":{"name":"a"}}]}""", Operation.ChatCompletions);
        Assert.NotNull(Runs.Whole(chat, Runs.OpenAi(), body).Answer.Failure);
    }

    [Fact]
    public void Whole_PrettyPrinted_KeepsItsBytesButTheModel()
    {
        const string Body = "{\n  \"id\": \"resp_1\",\n  \"model\": \"gpt-6-2026\",\n  \"status\": \"completed\",\n  \"error\": null,\n  \"output\": [ ],\n  \"x\": [1, 2]\n}";
        var (answer, text) = Runs.Whole(Runs.Request("""{"model":"mine","input":"x"}"""), Runs.OpenAi(), Body);
        Assert.Equal(Body.Replace("gpt-6-2026", "mine", StringComparison.Ordinal), text);
        Assert.Null(answer.Usage);
    }
}
