using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Responses;

/// <summary>Chat in, a model that refuses tools on chat completions: the request goes out as Responses and the caller sees chat.</summary>
public sealed class ChatOverResponsesTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private const string Tools = """ "tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},{"type":"custom","custom":{"name":"edit","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start: /.+/"}}}}]""";

    private ScriptedProvider _provider = null!;
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        (_gateway, var providers) = await shared.BeginAsync(
            [new() { Name = "openai" }],
            static started => Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(started[0], "openai") with { ResponsesApi = true }));
        _provider = providers[0];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<Answer> AskAsync(string members, string model = "gpt-6.1-sol") => _gateway.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}",{{members}}}""");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_WithReasoning_GoRoundToTheAnswer(bool stream)
    {
        _provider.Enqueue(new Behaviour { Answer = new AnswerScript { ToolCalls = 2, Reasoning = "which city" } });
        _provider.Behaviour = Behaviour.Says("sunny");
        var flags = stream ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "";

        var asked = await AskAsync($$"""{{flags}}{{Tools}},"messages":[{"role":"user","content":"weather?"}]""");
        var message = stream ? Together(asked) : asked.Json["choices"]![0]!["message"]!;
        Assert.Equal("which city", message["reasoning_content"]!.GetValue<string>());
        Assert.StartsWith("imx1.openai.gpt-6%2E1-sol.gAAAA", message["reasoning_details"]![0]!["data"]!.GetValue<string>(), StringComparison.Ordinal);
        var calls = message["tool_calls"]!.AsArray();
        Assert.Equal(["get_weather", "edit"], calls.Select(c => (c!["function"] ?? c["custom"])!["name"]!.GetValue<string>()));
        Assert.Equal("custom", calls[1]!["type"]!.GetValue<string>());
        var results = string.Join(',', calls.Select(c => $$"""{"role":"tool","tool_call_id":"{{c!["id"]!.GetValue<string>()}}","content":"ok"}"""));
        var answered = await AskAsync($$"""{{flags}}{{Tools}},"messages":[{"role":"user","content":"weather?"},{{message.ToJsonString()}},{{results}}]""");

        Assert.Equal(200, answered.Status);
        Assert.Equal("sunny", stream ? answered.StreamedText : answered.Content);
        Assert.All(_provider.Requests, r => Assert.Equal("/v1/responses", r.Path));
        var sent = JsonNode.Parse(_provider.Requests[1].Body)!;
        Assert.Equal(["message", "reasoning", "function_call", "custom_tool_call", "function_call_output", "custom_tool_call_output"], sent["input"]!.AsArray().Select(i => i!["type"]!.GetValue<string>()));
        Assert.Null(answered.Header("X-Infermux-Dropped"));
    }

    [Theory]
    [InlineData("gpt-5.6", "", "/v1/responses")]
    [InlineData("gpt-5.6", "\"reasoning_effort\":\"none\",", "/v1/chat/completions")]
    [InlineData("gpt-5.5", "", "/v1/chat/completions")]
    [InlineData("gpt-5.5", "\"reasoning_effort\":\"low\",", "/v1/responses")]
    [InlineData("gpt-6-sol", "", "/v1/responses")]
    [InlineData("gpt-6.2-astra", "\"reasoning_effort\":\"none\",", "/v1/responses")]
    [InlineData("gpt-4o", "", "/v1/chat/completions")]
    public async Task Model_DecidesThePath(string model, string effort, string path)
    {
        var answer = await AskAsync($$"""{{effort}}{{Tools}},"messages":[{"role":"user","content":"x"}]""", model);

        Assert.Equal(200, answer.Status);
        Assert.Equal(path, Assert.Single(_provider.Requests).Path);
    }

    [Fact]
    public async Task Structured_VerbosityAndEffort_AreSaidFlat()
    {
        var answer = await AskAsync(
            Tools + ""","tool_choice":"none","verbosity":"low","reasoning_effort":"high","temperature":0.2,"seed":7,"max_completion_tokens":500,"messages":[{"role":"system","content":"s"},{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":{"type":"object","properties":{"ok":{"type":"boolean"}}}}}""");

        Assert.Equal("""{"ok":true}""", answer.Content);
        Assert.Equal("seed, temperature", answer.Header("X-Infermux-Dropped"));
        var sent = JsonNode.Parse(_provider.Requests[0].Body)!;
        Assert.Equal(("low", "high", 500), (sent["text"]!["verbosity"]!.GetValue<string>(), sent["reasoning"]!["effort"]!.GetValue<string>(), sent["max_output_tokens"]!.GetValue<int>()));
        Assert.Equal(_provider.Truth.Billed.Output, answer.Json["usage"]!["completion_tokens"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("\"n\":2,", "n")]
    [InlineData("\"stop\":[\"x\"],", "stop")]
    [InlineData("\"audio\":{},", "audio")]
    public async Task WhatResponsesCannotSay_IsRefusedByName(string member, string param)
    {
        var answer = await AskAsync($$"""{{member}}{{Tools}},"messages":[{"role":"user","content":"x"}]""");

        Assert.Equal((400, "unsupported", param), (answer.Status, answer.Json["error"]!["code"]!.GetValue<string>(), answer.Json["error"]!["param"]!.GetValue<string>()));
    }

    [Fact]
    public async Task ErrorInTheStream_IsChatsError()
    {
        _provider.Behaviour = Behaviour.Says("one two three") with { Fault = Fault.ErrorEvent, AfterEvents = 1, Answer = new AnswerScript { Text = "one two three", ToolCalls = 0 } };

        var answer = await AskAsync($$"""{{Tools}},"stream":true,"messages":[{"role":"user","content":"x"}]""");

        Assert.False(answer.EndsCleanly);
        Assert.Equal("upstream_error", JsonNode.Parse(answer.Events[^1])!["error"]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task MarkedReasoning_NeverReachesChatCompletions()
    {
        var answer = await AskAsync(
            """ "messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","reasoning_details":[{"type":"reasoning.encrypted","id":"rs_1","summary":[],"data":"imx1.openai.gpt-4o.gAAAA"}]},{"role":"user","content":"z"}]""",
            "gpt-4o");

        Assert.Equal((200, "reasoning_details"), (answer.Status, answer.Header("X-Infermux-Dropped")));
        Assert.DoesNotContain("reasoning_details", _provider.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"y\"", _provider.Requests[0].Body, StringComparison.Ordinal);
    }

    /// <summary>The message that the chunks of a stream make.</summary>
    private static JsonObject Together(Answer answer)
    {
        var (thought, details, calls) = ("", new JsonArray(), new SortedDictionary<int, JsonObject>());
        foreach (var delta in answer.Events.Where(e => e != "[DONE]").Select(e => JsonNode.Parse(e)!["choices"]!.AsArray()).Where(c => c.Count > 0).Select(c => c[0]!["delta"]!))
        {
            thought += delta["reasoning_content"]?.GetValue<string>();
            foreach (var detail in delta["reasoning_details"]?.AsArray() ?? [])
            {
                details.Add(detail!.DeepClone());
            }

            foreach (var call in delta["tool_calls"]?.AsArray() ?? [])
            {
                var index = call!["index"]!.GetValue<int>();
                if (!calls.TryGetValue(index, out var whole))
                {
                    whole = calls[index] = call.DeepClone().AsObject();
                    whole.Remove("index");
                    continue;
                }

                var (kind, text) = call["function"] is null ? ("custom", "input") : ("function", "arguments");
                whole[kind]![text] = whole[kind]![text]!.GetValue<string>() + call[kind]![text]!.GetValue<string>();
            }
        }

        return new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = null,
            ["reasoning_content"] = thought,
            ["reasoning_details"] = details,
            ["tool_calls"] = new JsonArray([.. calls.Values]),
        };
    }
}
