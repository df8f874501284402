using System.Net;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Pivot;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Gemini;

/// <summary>The dialect and the scripted provider, written apart from each other, over real sockets.</summary>
public sealed class GeminiEndToEndTests : IAsyncDisposable
{
    private const string Tools = """
        ,"tools":[{"type":"function","function":{"name":"a","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},{"type":"function","function":{"name":"b"}}]
        """;

    private readonly HttpClient _client = new();
    private ScriptedProvider? _provider;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_WholeOrStreamed_SaysTheSameAndSettlesWhatWasBilled(bool stream)
    {
        var behaviour = new Behaviour
        {
            Wire = new WireShape { SplitEvery = 7, LineEnd = LineEnd.CrLf },
            Answer = new AnswerScript { Text = "naïve 🙂 answer", Reasoning = "let me think", PromptTokens = 100, CacheReadTokens = 60 },
        };
        var provider = await StartAsync(behaviour);
        var run = await RunAsync($"{Translation.Hi}", stream);
        Assert.Equal(("naïve 🙂 answer", "let me think", "stop"), (run.Text, run.Reasoning, run.Finish));
        var billed = provider.Truth.Billed;
        Assert.Equal(new TokenUsage(billed.FreshInput, billed.CacheRead, 0, 0, billed.Output, billed.Reasoning), run.Usage);
        Assert.Equal((6L, 3L), (billed.Output, billed.Reasoning));
    }

    [Theory]
    [InlineData(false, Translation.Flash25)]
    [InlineData(true, Translation.Flash25)]
    [InlineData(false, Translation.Pro3)] // which refuses the second request unless its signature came back
    [InlineData(true, Translation.Pro3)]
    public async Task Tools_WholeOrStreamed_GoRoundToTheAnswer(bool stream, string model)
    {
        var provider = await StartAsync(new Behaviour { Answer = new AnswerScript { Text = "done" } });
        provider.Enqueue(new Behaviour { Answer = new AnswerScript { ToolCalls = 2 } });
        var first = await RunAsync(Translation.Hi + Tools, stream, model);
        Assert.Equal([("a", "{\"city\":\"example\"}"), ("b", "{}")], first.Calls.Select(static c => (c.Name, c.Arguments)));
        Assert.Equal(("tool_calls", model == Translation.Pro3 ? 1 : 0), (first.Finish, first.Details.Count));
        var second = await RunAsync($"{Round(first)}{Tools}", stream, model);
        Assert.Equal((null, "done", "stop"), (second.Failure, second.Text, second.Finish));
        Assert.Equal(2, provider.Truth.Answered);
        Assert.DoesNotContain("skip_thought", provider.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_CalledByAnotherMaker_AreTakenByAModelThatWantsSignatures()
    {
        var provider = await StartAsync(new Behaviour { Answer = new AnswerScript { Text = "done" } });
        var made = new ChatOutcome
        {
            Calls = [("toolu_1", "a", "{}"), ("toolu_2", "b", "{}")],
            Details = ["""{"type":"reasoning.text","text":"hm","signature":"imx1.anthropic.claude.c2ln"}"""],
        };
        var run = await RunAsync($"{Round(made)}{Tools}", stream: false, Translation.Pro3);
        Assert.Equal((null, "done"), (run.Failure, run.Text));
        Assert.Contains("skip_thought_signature_validator", provider.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_WhoseSignatureWasChanged_AreRefused() // so that the two tests above prove something
    {
        var provider = await StartAsync(new Behaviour { Answer = new AnswerScript { ToolCalls = 1 } });
        var first = await RunAsync(Translation.Hi + Tools, stream: false, Translation.Pro3);
        var changed = first with { Details = [first.Details[0].Replace("pro-preview.", "pro-preview.x", StringComparison.Ordinal)] };
        Assert.Equal(FailureClass.CallerFault, (await RunAsync($"{Round(changed)}{Tools}", stream: false, Translation.Pro3)).Failure?.Class);
        Assert.Equal(1, provider.Truth.Answered);
    }

    [Theory]
    [InlineData(Fault.ErrorEvent, 0, FailureClass.Overloaded)]
    [InlineData(Fault.ErrorEvent, 1, FailureClass.Overloaded)]
    [InlineData(Fault.CutWithoutEnd, 0, FailureClass.BrokenStream)]
    [InlineData(Fault.CutWithoutEnd, 1, FailureClass.BrokenStream)]
    [InlineData(Fault.NoTerminalMark, 0, FailureClass.BrokenStream)]
    [InlineData(Fault.Html, 0, FailureClass.ServerFault)]
    [InlineData(Fault.EmptyBody, 0, FailureClass.BrokenStream)]
    [InlineData(Fault.MalformedAnswer, 1, FailureClass.ServerFault)]
    public async Task Stream_ThatGoesWrong_IsAFailure(Fault fault, int after, FailureClass expected)
    {
        await StartAsync(Behaviour.Says("a b c") with { Fault = fault, AfterEvents = after });
        Assert.Equal(expected, (await RunAsync(Translation.Hi, stream: true)).Failure?.Class);
    }

    [Theory]
    [InlineData(Fault.ErrorEvent)]
    [InlineData(Fault.Html)]
    [InlineData(Fault.EmptyBody)]
    [InlineData(Fault.MalformedAnswer)]
    public async Task WholeAnswer_ThatGoesWrong_IsAFailure(Fault fault)
    {
        await StartAsync(Behaviour.Breaks(fault));
        Assert.NotNull((await RunAsync(Translation.Hi, stream: false)).Failure);
    }

    [Theory]
    [InlineData(503, null, FailureClass.Overloaded)]
    [InlineData(429, null, FailureClass.RateLimited)]
    [InlineData(429, "GenerateRequestsPerDay", FailureClass.QuotaExhausted)]
    [InlineData(400, "API_KEY_INVALID", FailureClass.BadCredential)]
    [InlineData(400, null, FailureClass.CallerFault)]
    public async Task ErrorStatus_IsReadFromGooglesShape(int status, string? code, FailureClass expected)
    {
        await StartAsync(Behaviour.Fails(status, code: code));
        var failure = (await RunAsync(Translation.Hi, stream: false)).Failure!;
        Assert.Equal((expected, status), (failure.Class, failure.Status));
    }

    [Fact]
    public async Task Key_ThatIsWrong_IsOurFaultThough400()
    {
        _provider = await ScriptedProvider.StartAsync(new ScriptedProviderOptions { ApiKey = "another" }, Cancel);
        var failure = (await RunAsync(Translation.Hi, stream: false)).Failure!;
        Assert.Equal((FailureClass.BadCredential, 400), (failure.Class, failure.Status));
    }

    [Fact]
    public async Task Cap_IsHonouredAndSaidAsLength()
    {
        await StartAsync(Behaviour.Calm);
        var run = await RunAsync("""  "max_completion_tokens":5,"messages":[{"role":"user","content":"words=50"}]""", stream: true);
        Assert.Equal(("length", 5), (run.Finish, run.Usage!.Value.Output));
    }

    [Fact]
    public async Task StructuredOutput_ComesBackAsJson()
    {
        await StartAsync(Behaviour.Calm);
        var run = await RunAsync(
            Translation.Hi + ""","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":{"ok":{"type":"boolean"}}}}}""", stream: false);
        Assert.Equal("""{"ok":true}""", run.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refusal_OfAFilter_IsSaid(bool stream)
    {
        await StartAsync(new Behaviour { Answer = new AnswerScript { Refusal = "not that" } });
        var run = await RunAsync(Translation.Hi, stream);
        Assert.Equal(("content_filter", "not that", ""), (run.Finish, run.Refusal, run.Text));
    }

    [Fact]
    public async Task HealthCheck_WithAKey_ListsModels()
    {
        var provider = await StartAsync(Behaviour.Calm);
        using var check = Translation.Dialect.CreateHealthCheck(new ProviderOptions { Type = ProviderType.Gemini, ApiKey = "k", BaseUrl = provider.BaseUrl });
        using var response = await _client.SendAsync(check!, Cancel);
        Assert.Equal((HttpStatusCode.OK, 1L), (response.StatusCode, provider.Truth.Listings));
        Assert.Null(Translation.Dialect.CreateHealthCheck(new ProviderOptions { Type = ProviderType.Gemini, BaseUrl = provider.BaseUrl }));
    }

    [Fact]
    public async Task HealthCheck_ByChat_AsksTheFirstModel()
    {
        var provider = await StartAsync(Behaviour.Calm);
        using var check = Translation.Dialect.CreateHealthCheck(new ProviderOptions
        {
            Type = ProviderType.Gemini,
            ApiKey = "k",
            BaseUrl = provider.BaseUrl,
            Models = ["gemini-2.5-pro"],
            HealthCheck = new HealthCheckOptions { Method = HealthCheckMethod.Chat },
        });
        using var response = await _client.SendAsync(check!, Cancel);
        Assert.Equal((HttpStatusCode.OK, "gemini-2.5-pro"), (response.StatusCode, provider.Requests[0].Model));
    }

    private static string Round(ChatOutcome asked) =>
        $$"""  "messages":[{"role":"user","content":"hi"},{{asked.Message()}},{{string.Join(',', asked.Calls.AsEnumerable().Reverse().Select(static c => $$"""{"role":"tool","tool_call_id":"{{c.Id}}","content":"ok"}"""))}}]""";

    private async Task<ScriptedProvider> StartAsync(Behaviour behaviour) =>
        _provider = await ScriptedProvider.StartAsync(new ScriptedProviderOptions { Behaviour = behaviour }, Cancel);

    private Task<ChatOutcome> RunAsync(string members, bool stream, string model = Translation.Flash25)
    {
        var inbound = Translation.Inbound($$"""{"model":"mine",{{(stream ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "")}}{{members}}}""");
        var target = Translation.Target(model) with { Provider = new ProviderOptions { Name = "google", Type = ProviderType.Gemini, BaseUrl = _provider!.BaseUrl } };
        return ChatOutcome.RunAsync(Translation.Dialect, _client, inbound, target, Cancel);
    }
}
