using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Metered;

public sealed class SpeechTests
{
    private static readonly PriceOverride ByCharacter = new() { CharactersPerMillion = 15m };

    [Fact]
    public async Task Sound_ComesByteForByteWithItsTypeAndIsChargedByTheCharacter()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Wire = new WireShape { SplitEvery = 777 } };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("tts-1", ByCharacter));

        using var answer = await SpeakAsync(gateway, "tts-1", new string('a', 998) + "🙂", "wav");

        Assert.Null(answer.Content.Headers.ContentLength); // nobody knows it yet
        Assert.Equal((HttpStatusCode.OK, "audio/wav"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        Assert.Equal(Sound(new string('a', 998) + "🙂"), await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("0.014985", answer.Headers.GetValues("X-Infermux-Cost").Single()); // 999 characters of 15 ÷ 10⁶: a smile is one
        await SettledAsync(gateway, 0.014985m, estimated: 0m);
    }

    [Fact]
    public async Task Sound_PricedByTheToken_IsEstimatedAndMarked()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("gpt-4o-mini-tts", 0.6m, 12m));

        using var answer = await SpeakAsync(gateway, "gpt-4o-mini-tts", new string('a', 400));

        Assert.Equal("0.007272", answer.Headers.GetValues("X-Infermux-Cost").Single()); // (100 × 0.6 + 601 × 12) ÷ 10⁶
        await SettledAsync(gateway, 0.007272m, estimated: 0.007272m);
    }

    [Fact]
    public async Task Events_TellTokensAtTheirEnd()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Answer = new AnswerScript { PromptTokens = 10, CompletionTokens = 50 } };
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("gpt-4o-mini-tts", 0.6m, 12m));

        var answer = await gateway.PostAsync("/v1/audio/speech", """{"model":"gpt-4o-mini-tts","input":"hello","voice":"alloy","stream_format":"sse"}""");

        var sound = answer.Events.Select(e => JsonNode.Parse(e)!).Where(e => e["audio"] is not null)
            .SelectMany(e => Convert.FromBase64String(e["audio"]!.GetValue<string>()));
        Assert.Equal(Sound("hello"), sound);
        Assert.Equal("speech.audio.done", JsonNode.Parse(answer.Events[^1])!["type"]!.GetValue<string>());
        Assert.Equal("0.000606", answer.Trailers["X-Infermux-Cost"]);
    }

    [Theory]
    [InlineData(Fault.ResetAfterHead)]
    [InlineData(Fault.Html)]
    [InlineData(Fault.ErrorEvent)] // an error with status 200
    [InlineData(Fault.EmptyBody)]
    public async Task FirstProvider_WithoutASound_SecondSpeaks(Fault fault)
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = fault == Fault.ErrorEvent
            ? new Behaviour { Body = """{"error":{"message":"overloaded","type":"server_error"}}""" }
            : Behaviour.Breaks(fault);
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary"), Setup.OpenAi(second, "second")));

        using var answer = await SpeakAsync(gateway, "tts-1", "hello");

        Assert.Equal((HttpStatusCode.OK, "second"), (answer.StatusCode, answer.Headers.GetValues("X-Infermux-Provider").Single()));
        Assert.Equal(Sound("hello"), await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Sound_ThatBreaksOff_NeverLooksWholeAndIsBilled()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Breaks(Fault.ResetAfterEvents);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("tts-1", ByCharacter));

        using var answer = await SpeakAsync(gateway, "tts-1", new string('a', 1_000));

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        await SettledAsync(gateway, 0.015m, estimated: 0m);
        Assert.Equal(200, (int)(await gateway.OnlyRequestAsync())["status"]!); // what went out; it was not the caller who left
    }

    [Fact]
    public async Task Caller_HangsUp_UpstreamIsClosedAndTheTextIsBilled()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Wire = new WireShape { SplitEvery = 100, SplitInterval = TimeSpan.FromMilliseconds(50) } };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("tts-1", ByCharacter));

        using (var answer = await SpeakAsync(gateway, "tts-1", new string('a', 1_000)))
        {
            await using var sound = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await sound.ReadExactlyAsync(new byte[100], TestContext.Current.CancellationToken);
        }

        await provider.WaitForAsync(t => t.Cancelled == 1, TestContext.Current.CancellationToken);
        await SettledAsync(gateway, 0.015m, estimated: 0m);
        Assert.Equal(499, (int)(await gateway.OnlyRequestAsync())["status"]!);
    }

    [Fact]
    public async Task Caller_HangsUpBeforeTheSound_UpstreamIsClosedAndTheTextIsMarked()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { HeadDelay = TimeSpan.FromMinutes(1) };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("tts-1", ByCharacter));
        using var hangUp = new CancellationTokenSource();
        using var body = new StringContent($$"""{"model":"tts-1","voice":"v","input":"{{new string('a', 1_000)}}"}""", Encoding.UTF8, "application/json");
        var asked = gateway.Client.PostAsync(new Uri("/v1/audio/speech", UriKind.Relative), body, hangUp.Token);
        await provider.WaitForAsync(t => t.InFlight == 1, TestContext.Current.CancellationToken);

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        using var readOn = new CancellationTokenSource(TimeSpan.FromSeconds(15)); // what is read on for its bill is left after 30 s
        await provider.WaitForAsync(t => t.Cancelled == 1, readOn.Token);
        await SettledAsync(gateway, 0.015m, estimated: 0.015m);
    }

    // As the scripted provider makes it.
    private static byte[] Sound(string text) =>
        [.. Enumerable.Range(0, text.Length * 100).Select(at => (byte)((at * 31) + (at >> 8) + text[at / 100]))];

    private static async Task<HttpResponseMessage> SpeakAsync(TestGateway gateway, string model, string text, string format = "mp3")
    {
        var body = new JsonObject { ["model"] = model, ["input"] = text, ["voice"] = "alloy", ["response_format"] = format };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/speech")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        return await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static Task SettledAsync(TestGateway gateway, decimal total, decimal estimated) => TestGateway.UntilAsync(
        async () => await gateway.GetJsonAsync("/_infermux/costs") is var costs
            && costs["total_usd"]!.GetValue<decimal>() == total && (costs["estimated_usd"]?.GetValue<decimal>() ?? 0m) == estimated,
        $"{total} USD are settled, {estimated} of them estimated");
}
