using System.Net;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Pivot;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Anthropic;

/// <summary>The dialect and the scripted provider, written apart from each other, over real sockets.</summary>
public sealed class AnthropicEndToEndTests : IAsyncDisposable
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
        var behaviour = Behaviour.Says("naïve 🙂 answer") with
        {
            Wire = new WireShape { SplitEvery = 7 },
            Answer = new AnswerScript { Text = "naïve 🙂 answer", Reasoning = "let me think", PromptTokens = 100, CacheReadTokens = 60, CacheWriteTokens = 10 },
        };
        var provider = await StartAsync(behaviour);
        var run = await RunAsync(provider, $"{Translation.Hi}", stream);
        Assert.Equal(("naïve 🙂 answer", "let me think", "stop"), (run.Text, run.Reasoning, run.Finish));
        var billed = provider.Truth.Billed;
        Assert.Equal(new TokenUsage(billed.FreshInput, billed.CacheRead, billed.CacheWrite, 0, billed.Output, billed.Reasoning), run.Usage);
        Assert.Equal(6, billed.Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_WholeOrStreamed_GoRoundToTheAnswer(bool stream)
    {
        var provider = await StartAsync(new Behaviour { Answer = new AnswerScript { Text = "done" } });
        provider.Enqueue(new Behaviour { Answer = new AnswerScript { ToolCalls = 2 } });
        var first = await RunAsync(provider, Translation.Hi + Tools, stream);
        Assert.Equal([("a", "{\"city\":\"example\"}"), ("b", "{}")], first.Calls.Select(static c => (c.Name, c.Arguments)));
        Assert.Equal("tool_calls", first.Finish);
        var results = string.Join(',', first.Calls.Reverse<(string Id, string Name, string Arguments)>().Select(static c => $$"""{"role":"tool","tool_call_id":"{{c.Id}}","content":"ok"}"""));
        var second = await RunAsync(
            provider, $$"""  "messages":[{"role":"user","content":"hi"},{{first.Message()}},{{results}}]{{Tools}}""", stream);
        Assert.Equal(("done", "stop"), (second.Text, second.Finish));
        Assert.Equal(2, provider.Truth.Answered);
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
        var provider = await StartAsync(Behaviour.Says("a b c") with { Fault = fault, AfterEvents = after });
        Assert.Equal(expected, (await RunAsync(provider, Translation.Hi, stream: true)).Failure?.Class);
    }

    [Theory]
    [InlineData(Fault.ErrorEvent)]
    [InlineData(Fault.Html)]
    [InlineData(Fault.EmptyBody)]
    [InlineData(Fault.MalformedAnswer)]
    public async Task WholeAnswer_ThatGoesWrong_IsAFailure(Fault fault)
    {
        var provider = await StartAsync(Behaviour.Breaks(fault));
        Assert.NotNull((await RunAsync(provider, Translation.Hi, stream: false)).Failure);
    }

    [Theory]
    [InlineData(529, null, FailureClass.Overloaded)]
    [InlineData(429, "3", FailureClass.RateLimited)]
    [InlineData(401, null, FailureClass.BadCredential)]
    [InlineData(400, null, FailureClass.CallerFault)]
    public async Task ErrorStatus_IsReadFromAnthropicsShape(int status, string? retryAfter, FailureClass expected)
    {
        var provider = await StartAsync(Behaviour.Fails(status, retryAfter));
        var failure = (await RunAsync(provider, Translation.Hi, stream: false)).Failure!;
        Assert.Equal((expected, status, retryAfter is null ? null : TimeSpan.FromSeconds(3)), (failure.Class, failure.Status, failure.RetryAfter));
    }

    [Fact]
    public async Task Cap_IsHonouredAndSaidAsLength()
    {
        var provider = await StartAsync(Behaviour.Calm);
        var run = await RunAsync(provider, """  "max_completion_tokens":5,"messages":[{"role":"user","content":"words=50"}]""", stream: true);
        Assert.Equal(("length", 5), (run.Finish, run.Usage!.Value.Output));
    }

    [Fact]
    public async Task StructuredOutput_ComesBackAsJson()
    {
        var provider = await StartAsync(Behaviour.Calm);
        var run = await RunAsync(
            provider, Translation.Hi + ""","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":{"ok":{"type":"boolean"}}}}}""", stream: false);
        Assert.Equal("""{"ok":true}""", run.Text);
    }

    [Fact]
    public async Task HealthCheck_WithAKey_ListsModels()
    {
        var provider = await StartAsync(Behaviour.Calm);
        using var check = Translation.Dialect.CreateHealthCheck(new ProviderOptions { ApiKey = "k", BaseUrl = provider.BaseUrl });
        using var response = await _client.SendAsync(check!, Cancel);
        Assert.Equal((HttpStatusCode.OK, 1L), (response.StatusCode, provider.Truth.Listings));
    }

    private async Task<ScriptedProvider> StartAsync(Behaviour behaviour) =>
        _provider = await ScriptedProvider.StartAsync(new ScriptedProviderOptions { Behaviour = behaviour }, Cancel);

    private Task<ChatOutcome> RunAsync(ScriptedProvider provider, string members, bool stream) => ChatOutcome.RunAsync(
        Translation.Dialect, _client,
        Translation.Inbound($$"""{"model":"mine",{{(stream ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "")}}{{members}}}"""),
        Translation.Target() with { Provider = new ProviderOptions { BaseUrl = provider.BaseUrl } }, Cancel);
}
