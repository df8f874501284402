using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Anthropic;
using Infermux.Providers.Tests.Pivot;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Bedrock;

/// <summary>The dialect and the scripted provider, written apart from each other, over real sockets.</summary>
public sealed class BedrockEndToEndTests : IAsyncDisposable
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
        var provider = await StartAsync(new Behaviour
        {
            Wire = new WireShape { SplitEvery = 7 },
            Answer = new AnswerScript { Text = "naïve 🙂 answer", Reasoning = "let me think", PromptTokens = 100, CacheReadTokens = 60, CacheWriteTokens = 10 },
        });
        var run = await RunAsync(provider, Converse.Hi, stream);
        Assert.Equal(("naïve 🙂 answer", "let me think", "stop"), (run.Text, run.Reasoning, run.Finish));
        var billed = provider.Truth.Billed;
        Assert.Equal(new TokenUsage(billed.FreshInput, billed.CacheRead, billed.CacheWrite, 0, billed.Output), run.Usage);
        Assert.Equal(6, billed.Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToolsAndReasoning_WholeOrStreamed_GoRoundToTheAnswer(bool stream)
    {
        var provider = await StartAsync(new Behaviour { Answer = new AnswerScript { Text = "done" } });
        provider.Enqueue(new Behaviour { Answer = new AnswerScript { ToolCalls = 2, Reasoning = "hm" } });
        var first = await RunAsync(provider, Converse.Hi + Tools, stream);
        Assert.Equal([("a", "{\"city\":\"example\"}"), ("b", "{}")], first.Calls.Select(static c => (c.Name, c.Arguments)));
        Assert.Equal("tool_calls", first.Finish);
        var results = string.Join(',', first.Calls.Reverse<(string Id, string Name, string Arguments)>().Select(static c => $$"""{"role":"tool","tool_call_id":"{{c.Id}}","content":"ok"}"""));
        var second = await RunAsync(
            provider, $$"""  "messages":[{"role":"user","content":"hi"},{{first.Message()}},{{results}}]{{Tools}}""", stream);
        Assert.Equal(("done", "stop"), (second.Text, second.Finish));
        Assert.Contains("""{"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2lnbmVk"}}}""", provider.Requests[^1].Body, StringComparison.Ordinal);
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
        Assert.Equal(expected, (await RunAsync(provider, Converse.Hi, stream: true)).Failure?.Class);
    }

    [Theory]
    [InlineData(Fault.ErrorEvent)]
    [InlineData(Fault.Html)]
    [InlineData(Fault.EmptyBody)]
    [InlineData(Fault.MalformedAnswer)]
    public async Task WholeAnswer_ThatGoesWrong_IsAFailure(Fault fault)
    {
        var provider = await StartAsync(Behaviour.Breaks(fault));
        Assert.NotNull((await RunAsync(provider, Converse.Hi, stream: false)).Failure);
    }

    [Theory]
    [InlineData(503, null, FailureClass.Overloaded)]
    [InlineData(429, null, FailureClass.RateLimited)]
    [InlineData(403, "ExpiredTokenException", FailureClass.BadCredential)]
    [InlineData(400, null, FailureClass.CallerFault)]
    [InlineData(400, "ServiceQuotaExceededException", FailureClass.QuotaExhausted)]
    public async Task ErrorStatus_IsReadFromAwssShape(int status, string? code, FailureClass expected)
    {
        var provider = await StartAsync(Behaviour.Fails(status, code: code));
        var failure = (await RunAsync(provider, Converse.Hi, stream: false)).Failure!;
        Assert.Equal((expected, status), (failure.Class, failure.Status));
    }

    [Fact]
    public async Task CapAndSchema_AreHonoured()
    {
        var provider = await StartAsync(Behaviour.Calm);
        var run = await RunAsync(provider, """  "max_completion_tokens":5,"messages":[{"role":"user","content":"words=50"}]""", stream: true);
        Assert.Equal(("length", 5), (run.Finish, run.Usage!.Value.Output));
        var schema = Converse.Hi + ""","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":{"ok":{"type":"boolean"}}}}}""";
        Assert.Equal("""{"ok":true}""", (await RunAsync(provider, schema, stream: false)).Text);
        Assert.Equal("""{"ok":true}""", (await RunAsync(provider, schema, stream: true, Converse.Sonnet4)).Text);
    }

    private async Task<ScriptedProvider> StartAsync(Behaviour behaviour) =>
        _provider = await ScriptedProvider.StartAsync(new ScriptedProviderOptions { Behaviour = behaviour, ApiKey = "bedrock-key" }, Cancel);

    private Task<ChatOutcome> RunAsync(ScriptedProvider provider, string members, bool stream, string model = Converse.Haiku45)
    {
        var target = Converse.Target(model);
        return ChatOutcome.RunAsync(
            Converse.Dialect, _client, Converse.Inbound(members, stream), target with { Provider = target.Provider with { BaseUrl = provider.BaseUrl } }, Cancel);
    }
}
