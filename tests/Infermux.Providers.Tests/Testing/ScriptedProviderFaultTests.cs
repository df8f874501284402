using System.Net;
using System.Net.Sockets;
using System.Text;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Testing;

public sealed class ScriptedProviderFaultTests : IAsyncDisposable
{
    private const string Streamed = ",\"stream\":true";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
    private readonly HttpClient _client = new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero });
    private ScriptedProvider? _provider;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("2", "2")]
    [InlineData("-5", "-5")]
    [InlineData("soon", "soon")]
    [InlineData("date+2", " GMT")]
    public async Task RetryAfter_OfAnyForm_IsSentAsScripted(string scripted, string ending)
    {
        var provider = await StartAsync(Behaviour.Fails(429, scripted));
        using var response = await SendAsync(provider.Chat("hi"));
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.EndsWith(ending, response.Headers.NonValidated["Retry-After"].ToString(), StringComparison.Ordinal);
        Assert.Equal((1, 0m), (provider.Truth.Refused, provider.Truth.Cost));
    }

    [Fact]
    public async Task Queue_IsServedBeforeRuleBeforeStandingBehaviour()
    {
        var provider = await StartAsync(Behaviour.Says("standing"));
        provider.Rule = static request => request.Body.Contains("rule", StringComparison.Ordinal) ? Behaviour.Fails(503) : null;
        provider.Enqueue(Behaviour.Fails(500), Behaviour.Fails(429));
        var statuses = new List<int>();
        foreach (var prompt in new[] { "rule", "hi", "rule", "hi" })
        {
            using var response = await SendAsync(provider.Chat(prompt));
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([500, 429, 503, 200], statuses);
    }

    [Fact]
    public async Task Share_OfAThird_GoesWrongAboutThatOften()
    {
        var provider = await StartAsync(Behaviour.Fails(500) with { Share = 0.3 });
        for (var i = 0; i < 100; i++)
        {
            using var response = await SendAsync(provider.Chat("hi"));
        }

        Assert.InRange(provider.Truth.Refused, 20, 40);
    }

    [Theory]
    [InlineData(Fault.ResetOnConnect, "")]
    [InlineData(Fault.ResetOnConnect, Streamed)]
    [InlineData(Fault.ResetAfterRequest, "")]
    [InlineData(Fault.ResetAfterHead, "")]
    [InlineData(Fault.ResetAfterEvents, "")]
    [InlineData(Fault.CutWithoutEnd, "")]
    [InlineData(Fault.ResetAfterHead, Streamed)]
    [InlineData(Fault.ResetAfterEvents, Streamed)]
    public async Task Resets_ReachTheCallerAsANetworkFault(Fault fault, string stream)
    {
        var provider = await StartAsync(Behaviour.Breaks(fault, afterEvents: 2));

        // A connection reset between accept and the client's first look at it comes as a bare SocketException out of SocketsHttpHandler.
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(provider.Chat("hi", stream)));
        Assert.True(failure is HttpRequestException or SocketException, failure.ToString());
        Assert.Equal(fault == Fault.ResetOnConnect ? 0 : 1, provider.Truth.Requests);
    }

    [Fact]
    public async Task ResetAfterEvents_OfAStream_SendsThoseEventsFirstAndBillsThem()
    {
        var provider = await StartAsync(Behaviour.Says("a b c d") with { Fault = Fault.ResetAfterEvents, AfterEvents = 2 });
        using var response = await SendAsync(provider.Chat("12345678", Streamed), HttpCompletionOption.ResponseHeadersRead);
        var received = new StringBuilder();
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
            while (await reader.ReadLineAsync(Cancel) is { } line)
            {
                received.AppendLine(line);
            }
        });
        Assert.Contains("\"b \"", received.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"c \"", received.ToString(), StringComparison.Ordinal);
        var truth = await provider.WaitForAsync(static truth => truth.Broken == 1, Cancel);
        Assert.Equal(new TokenCount(2, Output: 2), truth.Billed);
    }

    [Theory]
    [InlineData(Fault.CutWithoutEnd, 2, 2)]
    [InlineData(Fault.NoTerminalMark, 0, 4)]
    [InlineData(Fault.ErrorEvent, 0, 0)]
    [InlineData(Fault.ErrorEvent, 3, 3)]
    [InlineData(Fault.MalformedAnswer, 1, 1)]
    public async Task Streams_ThatGoWrong_NeverEndWithTheTerminalMark(Fault fault, int after, int content)
    {
        var provider = await StartAsync(Behaviour.Says("a b c d") with { Fault = fault, AfterEvents = after });
        using var response = await SendAsync(provider.Chat("12345678", Streamed));
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.Equal(fault == Fault.ErrorEvent, text.Contains("{\"error\"", StringComparison.Ordinal));
        Assert.Equal(new TokenCount(content > 0 ? 2 : 0, Output: content), provider.Truth.Billed);
    }

    [Theory]
    [InlineData(Fault.StallBeforeContent, StallFill.Comments, 0)]
    [InlineData(Fault.StallAfterEvents, StallFill.Silence, 3)]
    public async Task Stalls_EndWhenTheCallerHangsUp_AndSayWhen(Fault fault, StallFill fill, int content)
    {
        var provider = await StartAsync(Behaviour.Says("a b c d") with { Fault = fault, AfterEvents = 3, Fill = fill, FillInterval = TimeSpan.FromMilliseconds(5) });
        using (var response = await SendAsync(provider.Chat("12345678", Streamed), HttpCompletionOption.ResponseHeadersRead))
        {
            await provider.WaitForAsync(truth => provider.Requests.Count == 1 && provider.Requests[0].ContentEvents == content && provider.Requests[0].LastWrite is not null, Cancel);
        }

        var truth = await provider.WaitForAsync(static truth => truth.Cancelled == 1, Cancel);
        Assert.Equal(new TokenCount(2, Output: content), truth.Billed);
        Assert.NotNull(provider.Requests[0].CancelledAfterLastWrite);
    }

    [Theory]
    [InlineData(AbortRule.StopsOnAbort, Streamed, 3)]
    [InlineData(AbortRule.BillsOn, Streamed, 4)]
    [InlineData(AbortRule.StopsOnAbort, "", 4)]
    public async Task Abort_IsBilledByTheVendorsRule(AbortRule rule, string stream, long output)
    {
        _provider = await ScriptedProvider.StartAsync(
            new ScriptedProviderOptions { AbortRule = rule, Behaviour = Behaviour.Says("a b c d") with { Fault = Fault.StallAfterEvents, AfterEvents = 3 } }, Cancel);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var request = _provider.Chat("12345678", stream);
        var asking = _client.SendAsync(request, abort.Token);
        await _provider.WaitForAsync(truth => truth.InFlight == 1 && (stream.Length == 0 || _provider.Requests[0].ContentEvents == 3), Cancel);
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        var truth = await _provider.WaitForAsync(static truth => truth.Cancelled == 1, Cancel);
        Assert.Equal(new TokenCount(2, Output: output), truth.Billed);
    }

    [Fact]
    public async Task Html_ComesWith200()
    {
        var provider = await StartAsync(Behaviour.Breaks(Fault.Html));
        using var response = await SendAsync(provider.Chat("hi"));
        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task StopListening_RefusesConnections_UntilItListensAgainOnTheSamePort()
    {
        var provider = await StartAsync(Behaviour.Calm);
        using (await SendAsync(provider.Chat("hi")))
        {
            await provider.StopListeningAsync();
        }

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(provider.Chat("hi")));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(refused.InnerException).SocketErrorCode);
        await provider.StartListeningAsync(Cancel);
        using var again = await SendAsync(provider.Chat("hi"));
        Assert.Equal(2, provider.Truth.Answered);
    }

    [Theory]
    [InlineData(1, LineEnd.CrLf)]
    [InlineData(3, LineEnd.Cr)]
    [InlineData(0, LineEnd.Lf)]
    public async Task OddChunking_ChangesNoByteOfTheEvents(int split, LineEnd end)
    {
        var provider = await StartAsync(Behaviour.Says("naïve 🙂 ok") with { Wire = new WireShape { SplitEvery = split, LineEnd = end } });
        using var response = await SendAsync(provider.Chat("hi", Streamed));
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("\"🙂 \"", text, StringComparison.Ordinal);
        Assert.Contains(end == LineEnd.Cr ? "[DONE]\r\r" : end == LineEnd.CrLf ? "[DONE]\r\n\r\n" : "[DONE]\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongUsage_IsToldAndNotBilled()
    {
        var provider = await StartAsync(Behaviour.Says("a b c d") with { Usage = UsageReport.Tenfold });
        using var response = await SendAsync(provider.Chat("hi"));
        Assert.Equal(40, (await response.JsonAsync()).GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(4, provider.Truth.Billed.Output);
    }

    [Fact]
    public async Task ParallelRequests_AreAllInTheBooks()
    {
        var provider = await StartAsync(Behaviour.Says("a b c"));
        var asked = Enumerable.Range(0, 300).Select(async n =>
        {
            using var response = await SendAsync(provider.Chat($"caller=c{n % 3} ", n % 2 == 0 ? Streamed : ""));
            await response.Content.ReadAsByteArrayAsync(Cancel);
        });
        await Task.WhenAll(asked);
        var truth = await provider.WaitForAsync(static truth => truth.InFlight == 0, Cancel);
        Assert.Equal((300, 300, 900), (truth.Requests, truth.Answered, truth.Billed.Output));
        Assert.All(truth.Callers.Values, static caller => Assert.Equal((100, 300), (caller.Requests, caller.Billed.Output)));
        Assert.Equal(truth.Cost, truth.Callers.Values.Sum(static caller => caller.Cost));
    }

    [Fact]
    public async Task Control_FromOutside_SetsQueuesShowsAndClears()
    {
        var provider = await StartAsync(Behaviour.Calm);
        var control = provider.BaseUrl + "/_script";
        using var put = await _client.PutAsync(control, new StringContent("""{"status":503,"headDelay":"1ms","answer":{"text":"x"}}"""), Cancel);
        using var post = await _client.PostAsync(control, new StringContent("""[{"status":429},{"fault":"html"}]"""), Cancel);
        var statuses = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await SendAsync(provider.Chat("hi"));
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([429, 200, 503], statuses);
        using var truth = await _client.GetAsync(control, Cancel);
        Assert.Equal(3, (await truth.JsonAsync()).GetProperty("requests").GetInt32());
        using var log = await _client.GetAsync(control + "/requests", Cancel);
        Assert.Equal("broken", (await log.JsonAsync())[1].GetProperty("outcome").GetString());
        using var bad = await _client.PutAsync(control, new StringContent("""{"statsu":503}"""), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        using var cleared = await _client.DeleteAsync(control, Cancel);
        Assert.Equal(0, provider.Truth.Requests);
    }

    private async Task<ScriptedProvider> StartAsync(Behaviour behaviour) =>
        _provider = await ScriptedProvider.StartAsync(new ScriptedProviderOptions { Behaviour = behaviour }, Cancel);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using (request)
        {
            return await _client.SendAsync(request, completion, Cancel);
        }
    }
}
