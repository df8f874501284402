using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Providers.Pivot;
using Xunit;
using static Infermux.Providers.Tests.Gemini.Translation;

namespace Infermux.Providers.Tests.Gemini;

public sealed class GeminiRequestTests
{
    private const string Tools = """
        "tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}},"additionalProperties":false}}}]
        """;

    private const string StrictTool = """ "tools":[{"type":"function","function":{"name":"f","strict":true}}] """;

    private const string Schema = """
        "response_format":{"type":"json_schema","json_schema":{"name":"reply","strict":true,"schema":{"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"]}}}
        """;

    private static readonly string[] SentHeaders = ["x-goog-api-key", "X-Request-Id", "x-extra"];

    [Theory]
    [InlineData(null, "gemini-2.5-flash", false, "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent")]
    [InlineData(null, "models/gemini-2.5-flash", true, "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData("https://g.example/", "tunedModels/mine 1", false, "https://g.example/v1beta/tunedModels/mine%201:generateContent")]
    [InlineData("https://g.example/v1", "gemini-2.5-pro", false, "https://g.example/v1/models/gemini-2.5-pro:generateContent")]
    [InlineData("https://g.example/v1beta/openai/", "gemini-2.5-pro", false, "https://g.example/v1beta/models/gemini-2.5-pro:generateContent")]
    public void Request_GoesToTheModelsMethodWithItsHeaders(string? baseUrl, string model, bool stream, string expected)
    {
        var provider = new ProviderOptions { Type = ProviderType.Gemini, BaseUrl = baseUrl, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["x-extra"] = "b" } };
        using var request = Dialect.CreateRequest(Inbound($$"""{"model":"mine","stream":{{(stream ? "true" : "false")}},{{Hi}}}"""), Target(model) with { Provider = provider });
        Assert.Equal(expected, request.RequestUri!.AbsoluteUri);
        Assert.Equal("AIza-test r1 b", string.Join(' ', SentHeaders.Select(name => request.Headers.GetValues(name).Single())));
        Assert.Null(request.Headers.Authorization);
    }

    [Fact]
    public void Request_WithATokenOfGooglesOAuth_CarriesItAsABearer()
    {
        using var request = Dialect.CreateRequest(Inbound($$"""{"model":"mine",{{Hi}}}"""), Target() with { Credential = "ya29.token" });
        Assert.Equal(("Bearer ya29.token", false), (request.Headers.Authorization?.ToString(), request.Headers.Contains("x-goog-api-key")));
    }

    [Theory]
    [InlineData("models/../../v1/other")]
    [InlineData("models/")]
    public void Model_ThatLeavesItsPath_IsRefused(string model) =>
        Assert.Equal("model", Assert.Throws<RequestRefusedException>(() => Sent(Hi, model)).Param);

    [Theory] // protocols 9.1, one row each: what the caller sends → contents
    [InlineData("""[{"role":"system","content":"a"},{"role":"developer","content":"b"},{"role":"user","content":"hi"}]""", """[{"role":"user","parts":[{"text":"hi"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"b"},{"type":"text","text":""}]}]""", """[{"role":"user","parts":[{"text":"a"},{"text":"b"}]}]""")]
    [InlineData("""[{"role":"assistant","content":"a"},{"role":"user","content":"b"}]""", """[{"role":"user","parts":[{"text":"Continue."}]},{"role":"model","parts":[{"text":"a"}]},{"role":"user","parts":[{"text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":null,"refusal":"no"},{"role":"user","content":"b"}]""", """[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"no"}]},{"role":"user","parts":[{"text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":""},{"role":"user","content":"b"}]""", """[{"role":"user","parts":[{"text":"a"},{"text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"user","content":"b"}]""", """[{"role":"user","parts":[{"text":"a"},{"text":"<system>\ns\n</system>"},{"text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":"go on"}]""", """[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"go on"}]},{"role":"user","parts":[{"text":"Continue."}]}]""")]
    [InlineData("""[{"role":"system","content":"only"}]""", """[{"role":"user","parts":[{"text":"Continue."}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/jpg;base64,QUJD"}},{"type":"image_url","image_url":{"url":"https://x/y.png?z"}},{"type":"image_url","image_url":{"url":"https://x/y"}}]}]""", """[{"role":"user","parts":[{"inlineData":{"mimeType":"image/jpeg","data":"QUJD"}},{"fileData":{"mimeType":"image/png","fileUri":"https://x/y.png?z"}},{"fileData":{"fileUri":"https://x/y"}}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"QUJD","format":"wav"}},{"type":"video_url","video_url":{"url":"https://x/v.mp4"}}]}]""", """[{"role":"user","parts":[{"inlineData":{"mimeType":"audio/wav","data":"QUJD"}},{"fileData":{"mimeType":"video/mp4","fileUri":"https://x/v.mp4"}}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QUJD"}}]}]""", """[{"role":"user","parts":[{"inlineData":{"mimeType":"application/pdf","data":"QUJD"}}]}]""")]
    [InlineData("""[{"role":"user","content":"q"},{"role":"assistant","content":"t","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},{"role":"tool","tool_call_id":"c2","content":"r2"},{"role":"tool","tool_call_id":"c1","content":"{\"t\":25}"},{"role":"user","content":"u"}]""", """[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"t"},{"functionCall":{"id":"c1","name":"f","args":{"a": 1}}},{"functionCall":{"id":"c2","name":"g","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"id":"c1","name":"f","response":{"t":25}}},{"functionResponse":{"id":"c2","name":"g","response":{"result":"r2"}}}]},{"role":"user","parts":[{"text":"u"}]}]""")]
    [InlineData("""[{"role":"user","content":"q"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"r"}]""", """[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"functionCall":{"id":"call_function_1","name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"id":"call_function_1","name":"f","response":{"result":"r"}}}]}]""")]
    public void Messages_AreTranslatedAsTheTableSays(string messages, string expected) =>
        Assert.Equal(expected, Sent($"\"messages\":{messages}").GetProperty("contents").GetRawText());

    [Theory]
    [InlineData("plain", """{"result":"plain"}""")]
    [InlineData("", """{"result":""}""")]
    [InlineData("""[1,2]""", """{"result":"[1,2]"}""")]
    [InlineData("""{"a":{"b":[1.5,"x"]}}""", """{"a":{"b":[1.5,"x"]}}""")]
    [InlineData("""{"id":12345678901234567}""", """{"result":"{\"id\":12345678901234567}"}""")] // Google's Struct holds doubles: as a number it would come out another
    [InlineData("""{"a":1} and more""", """{"result":"{\"a\":1} and more"}""")]
    public void ToolResult_IsAnObjectInWhichNothingIsLost(string content, string expected) =>
        Assert.Equal(expected, ResultOf($"{JsonSerializer.Serialize(content)}", "").GetRawText());

    [Fact]
    public void ToolResult_OfAToolThatFailed_StandsUnderError() =>
        Assert.Equal("""{"error":"{\"a\":1}"}""", ResultOf("\"{\\\"a\\\":1}\"", ",\"is_error\":true").GetRawText());

    [Fact]
    public void ToolResult_WithAnImage_PutsItIntoAUserContentAfterAllResults()
    {
        var contents = Sent("""
            "messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]},{"role":"tool","tool_call_id":"b","content":"x"}]
            """).GetProperty("contents");
        Assert.Equal("""[{"functionResponse":{"id":"a","name":"f","response":{"result":"see"}}},{"functionResponse":{"id":"b","name":"f","response":{"result":"x"}}}]""", contents[2].GetProperty("parts").GetRawText());
        Assert.Equal("""[{"inlineData":{"mimeType":"image/png","data":"QUJD"}}]""", contents[3].GetProperty("parts").GetRawText());
    }

    [Theory]
    [InlineData(Flash25, """{"parts":[{"text":"a"},{"text":"b"}]}""", """[{"text":"hi"}]""")]
    [InlineData("gemma-3-27b-it", null, """[{"text":"a"},{"text":"b"},{"text":"hi"}]""")]
    public void System_Leading_GoesApartWhereTheModelTakesIt(string model, string? system, string parts)
    {
        var sent = Sent("""  "messages":[{"role":"system","content":"a"},{"role":"developer","content":[{"type":"text","text":"b"}]},{"role":"user","content":"hi"}]""", model);
        Assert.Equal((system, parts), (Raw(sent, "systemInstruction"), sent.GetProperty("contents")[0].GetProperty("parts").GetRawText()));
    }

    [Theory]
    [InlineData("""  "messages":[]""", "messages")]
    [InlineData("""  "messages":[{"role":"user","content":""}]""", "messages[0].content")]
    [InlineData("""  "messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}]""", "messages[0].content[0].input_audio")]
    [InlineData("""  "messages":[{"role":"user","content":[{"type":"hologram"}]}]""", "messages[0].content[0].type")]
    [InlineData("""  "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://x/y.png"}}]}]""", "messages[0].content[0].image_url.url")]
    [InlineData("""  "messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f1"}}]}]""", "messages[0].content[0].file.file_id")]
    [InlineData("""  "messages":[{"role":"robot","content":"x"}]""", "messages[0].role")]
    [InlineData("""  "messages":[{"role":"tool","tool_call_id":"x","content":"x"}]""", "messages[0].tool_call_id")]
    [InlineData("""  "messages":[{"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"x"},{"role":"assistant","content":"x"}]""", "messages[0].tool_calls[0]")]
    [InlineData("""  "messages":[{"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":"[1]"}}]}]""", "messages[0].tool_calls[0].arguments")]
    [InlineData("""  "messages":[{"role":"assistant","tool_calls":[{"id":"x","type":"custom","custom":{"name":"f"}}]}]""", "messages[0].tool_calls[0]")]
    [InlineData(Hi + ",\"n\":9", "n")]
    [InlineData(Hi + ",\"modalities\":[\"text\",\"audio\"]", "audio")]
    [InlineData(Hi + ",\"audio\":{\"voice\":\"x\"}", "audio")]
    [InlineData(Hi + ",\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"g\"}}]", "tools[0].type")]
    [InlineData(Hi + ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\"}}", "response_format.json_schema.schema")]
    public void Requests_ThatCannotBeSaid_AreRefusedWithTheFieldNamed(string members, string param) =>
        Assert.Equal(param, Assert.Throws<RequestRefusedException>(() => Sent(members)).Param);

    [Theory] // model, members → generationConfig, dropped
    [InlineData(Flash25, "", "{}", "")]
    [InlineData(Flash25, ",\"max_tokens\":10,\"temperature\":1.7,\"top_p\":0.5,\"top_k\":3", """{"maxOutputTokens":10,"temperature":1.7,"topP":0.5,"topK":3}""", "")]
    [InlineData(Flash25, ",\"max_completion_tokens\":99999", """{"maxOutputTokens":65535}""", "")]
    [InlineData(Flash25, ",\"presence_penalty\":1,\"frequency_penalty\":-0.5,\"seed\":7,\"n\":2", """{"presencePenalty":1,"frequencyPenalty":-0.5,"seed":7,"candidateCount":2}""", "")]
    [InlineData(Flash25, ",\"seed\":9007199254740993,\"logit_bias\":{\"1\":5},\"user\":\"u\",\"metadata\":{\"a\":\"b\"},\"store\":false", "{}", "logit_bias metadata seed user")]
    [InlineData(Flash25, ",\"logprobs\":true,\"top_logprobs\":3", """{"responseLogprobs":true,"logprobs":3}""", "")]
    [InlineData(Flash25, ",\"logprobs\":true,\"top_logprobs\":0", """{"responseLogprobs":true}""", "")]
    [InlineData(Flash25, ",\"stop\":\"END\"", """{"stopSequences":["END"]}""", "")]
    [InlineData(Flash25, ",\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]", """{"stopSequences":["a","b","c","d","e"]}""", "stop")]
    [InlineData(Flash25, "," + Schema, """{"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"]}}""", "")]
    [InlineData(Flash25, ",\"response_format\":{\"type\":\"json_object\"}", """{"responseMimeType":"application/json"}""", "")]
    [InlineData(Flash25, "," + Tools + "," + Schema, "{}", "")] // asked for in words
    [InlineData(Pro3, "," + Tools + ",\"response_format\":{\"type\":\"json_object\"}", """{"responseMimeType":"application/json"}""", "")]
    [InlineData(Flash25, ",\"reasoning_effort\":\"none\"", """{"thinkingConfig":{"thinkingBudget":0}}""", "")]
    [InlineData(Flash25, ",\"reasoning_effort\":\"medium\"", """{"thinkingConfig":{"thinkingBudget":8192,"includeThoughts":true}}""", "")]
    [InlineData(Flash25, ",\"reasoning_effort\":\"high\",\"max_tokens\":1000", """{"maxOutputTokens":1000,"thinkingConfig":{"thinkingBudget":900,"includeThoughts":true}}""", "")]
    [InlineData("gemini-2.5-pro", ",\"reasoning_effort\":\"none\"", """{"thinkingConfig":{"thinkingBudget":128}}""", "")]
    [InlineData("gemini-2.5-pro", ",\"reasoning_effort\":\"max\"", """{"thinkingConfig":{"thinkingBudget":32768,"includeThoughts":true}}""", "")]
    [InlineData("gemini-2.5-flash-lite", ",\"reasoning_effort\":\"minimal\",\"max_tokens\":100", """{"maxOutputTokens":100,"thinkingConfig":{"thinkingBudget":512,"includeThoughts":true}}""", "")]
    [InlineData("gemini-2.0-flash", ",\"reasoning_effort\":\"high\"", "{}", "reasoning_effort")]
    [InlineData("gemini-2.5-flash-image", ",\"reasoning_effort\":\"high\"", "{}", "reasoning_effort")]
    [InlineData("gemini-2.0-flash", ",\"reasoning_effort\":\"none\"", "{}", "")]
    [InlineData(Pro3, ",\"reasoning_effort\":\"none\"", """{"thinkingConfig":{"thinkingLevel":"LOW"}}""", "")]
    [InlineData(Pro3, ",\"reasoning_effort\":\"medium\"", """{"thinkingConfig":{"thinkingLevel":"HIGH","includeThoughts":true}}""", "")]
    [InlineData("models/gemini-3.1-pro-preview", ",\"reasoning_effort\":\"medium\"", """{"thinkingConfig":{"thinkingLevel":"MEDIUM","includeThoughts":true}}""", "")]
    [InlineData("gemini-3-flash-preview", ",\"reasoning_effort\":\"none\"", """{"thinkingConfig":{"thinkingLevel":"MINIMAL"}}""", "")]
    [InlineData("gemini-9-flash", ",\"reasoning_effort\":\"minimal\"", """{"thinkingConfig":{"thinkingLevel":"MINIMAL","includeThoughts":true}}""", "")]
    [InlineData("gemini-9-ultra", ",\"reasoning_effort\":\"minimal\"", """{"thinkingConfig":{"thinkingLevel":"LOW","includeThoughts":true}}""", "")]
    [InlineData("gemini-9-ultra", ",\"reasoning_effort\":\"of a later time\"", "{}", "reasoning_effort")]
    public void Settings_FollowWhatTheModelTakes(string model, string members, string config, string dropped)
    {
        var sent = Sent(Hi + members, Target(model) with { ModelMaxOutput = 65_535 });
        Assert.Equal(config, sent.GetProperty("generationConfig").GetRawText());
        Assert.Equal(dropped, string.Join(' ', Dropped(Hi + members, model)));
    }

    [Fact]
    public void OutputCap_ThatMoneyIsHeldFor_WinsOverTheCallers() =>
        Assert.Equal("""{"maxOutputTokens":77}""", Sent(Hi + ",\"max_tokens\":500", Target() with { OutputCap = 77 }).GetProperty("generationConfig").GetRawText());

    [Theory]
    [InlineData(Flash25, Tools, null, "")]
    [InlineData(Flash25, Tools + ",\"tool_choice\":\"none\"", """{"functionCallingConfig":{"mode":"NONE"}}""", "")]
    [InlineData(Flash25, Tools + ",\"tool_choice\":\"required\"", """{"functionCallingConfig":{"mode":"ANY"}}""", "")]
    [InlineData(Flash25, Tools + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}", """{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["weather"]}}""", "")]
    [InlineData(Flash25, Tools + ",\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]}}", """{"functionCallingConfig":{"mode":"ANY"}}""", "")]
    [InlineData(Flash25, Tools + ",\"parallel_tool_calls\":false", null, "parallel_tool_calls")]
    [InlineData(Flash25, StrictTool, """{"functionCallingConfig":{"mode":"VALIDATED"}}""", "")]
    [InlineData("gemini-2.0-flash", StrictTool, null, "tools.strict")]
    [InlineData(Flash25, "\"tool_choice\":\"required\"", null, "")] // without tools there is nothing to choose
    public void ToolChoice_BecomesAMode(string model, string members, string? config, string dropped)
    {
        Assert.Equal(config, Raw(Sent($"{Hi},{members}", model), "toolConfig"));
        Assert.Equal(dropped, string.Join(' ', Dropped($"{Hi},{members}", model)));
    }

    [Fact]
    public void Tools_KeepTheirWholeSchema()
    {
        var declared = Sent($"{Hi},{Tools}").GetProperty("tools").GetRawText();
        Assert.Equal("""[{"functionDeclarations":[{"name":"weather","description":"d","parametersJsonSchema":{"type":"object","properties":{"city":{"type":"string"}},"additionalProperties":false}}]}]""", declared);
        Assert.Equal("""[{"functionDeclarations":[{"name":"f"}]}]""", Sent($"{Hi},{StrictTool}").GetProperty("tools").GetRawText());
    }

    [Fact]
    public void Answer_InAFormWhileToolsAreOffered_IsAskedForInWordsOfOlderModels() =>
        Assert.Contains("JSON schema: {\"type\":\"object\"", Sent($"{Hi},{Tools},{Schema}").GetProperty("systemInstruction").GetProperty("parts")[0].GetProperty("text").GetString(), StringComparison.Ordinal);

    [Fact]
    public void Answer_InAForm_IsAskedForInTheFirstContentOfModelsThatTakeNoInstructionsApart()
    {
        var sent = Sent($"{Hi},\"response_format\":{{\"type\":\"json_object\"}}", "gemma-3-27b-it");
        Assert.StartsWith("Answer with one JSON object", sent.GetProperty("contents")[0].GetProperty("parts")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(("{}", null), (sent.GetProperty("generationConfig").GetRawText(), Raw(sent, "systemInstruction")));
    }

    [Theory]
    [InlineData("flex", "\"flex\"", "")]
    [InlineData("priority", "\"priority\"", "")]
    [InlineData("auto", null, "")]
    [InlineData("scale", null, "service_tier")]
    public void ServiceTier_ThatGeminiHas_IsAskedFor(string tier, string? expected, string dropped)
    {
        Assert.Equal(expected, Raw(Sent($"{Hi},\"service_tier\":\"{tier}\""), "serviceTier"));
        Assert.Equal(dropped, string.Join(' ', Dropped($"{Hi},\"service_tier\":\"{tier}\"")));
    }

    [Fact]
    public void Hints_ThatAreLeftOut_AreNamed() => Assert.Equal("cache_control messages.name", string.Join(' ', Dropped(
        """  "messages":[{"role":"user","name":"bob","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]}]""")));

    private static JsonElement ResultOf(string content, string more) => Sent($$$"""
        "messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":{{{content}}}{{{more}}}}]
        """).GetProperty("contents")[2].GetProperty("parts")[0].GetProperty("functionResponse").GetProperty("response");

    private static string? Raw(JsonElement sent, string name) => sent.TryGetProperty(name, out var value) ? value.GetRawText() : null;
}
