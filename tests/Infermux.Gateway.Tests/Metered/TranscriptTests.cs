using System.Text;
using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Metered;

public sealed class TranscriptTests
{
    private const string Path = "/v1/audio/transcriptions";
    private static readonly PriceOverride BySecond = new() { PerSecond = 0.0001m };
    private static readonly byte[] TwelveSeconds = MeteredSetup.File(24_000); // of the scripted provider

    [Theory]
    [InlineData(Path)]
    [InlineData("/v1/audio/translations")]
    public async Task Form_WhoseModelComesAfterTheFile_IsChargedByTheSecondsItIsTold(string path)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("whisper-1", BySecond));
        var form = MeteredSetup.Form("----x", TwelveSeconds, "file", ("model", "whisper-1"), ("temperature", "0"));

        var answer = await gateway.PostFormAsync(path, "----x", form);

        Assert.Equal((200, "0.0012"), (answer.Status, answer.Header("X-Infermux-Cost")));
        Assert.StartsWith("Hello from", answer.Json["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(form, provider.Requests[0].Bytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FirstProvider_Fails_SecondGetsTheSameFormWithItsOwnModel(bool refused)
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Fails(500);
        if (refused)
        {
            await primary.StopListeningAsync();
        }

        var aliased = Setup.OpenAi(second, "second") with { ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["ears"] = "whisper-large-v3-turbo" } };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary"), aliased));
        var form = MeteredSetup.Form("b", MeteredSetup.File(3 << 20), "file", ("language", "en"), ("model", "ears"), ("prompt", "naïve"));

        var answer = await gateway.PostFormAsync(Path, "b", form);

        Assert.Equal((200, "second"), (answer.Status, answer.Header("X-Infermux-Provider")));
        Assert.Equal(MeteredSetup.Form("b", MeteredSetup.File(3 << 20), "file", ("language", "en"), ("model", "whisper-large-v3-turbo"), ("prompt", "naïve")), second.Requests[0].Bytes);
        if (!refused)
        {
            Assert.Equal(form, primary.Requests[0].Bytes);
        }
    }

    [Theory]
    [InlineData("text", "text/plain; charset=utf-8", "Hello from scripted, naïve as it is.\n")]
    [InlineData("srt", "text/plain; charset=utf-8", "1\n00:00:00,000 --> 00:00:12,000\nHello from scripted, naïve as it is.\n\n")]
    [InlineData("vtt", "text/plain; charset=utf-8", "WEBVTT\n\n00:00:00.000 --> 00:00:12.000\nHello from scripted, naïve as it is.\n\n")]
    public async Task Text_ComesAsItIsAndIsEstimatedByTheFile(string format, string type, string text)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("whisper-1", BySecond));
        using var content = new ByteArrayContent(MeteredSetup.Form("b", TwelveSeconds, "file", ("response_format", format), ("model", "whisper-1")));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=\"b\"");

        using var answer = await gateway.Client.PostAsync(new Uri(Path, UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal((type, text), (answer.Content.Headers.ContentType!.ToString(), await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.Equal("0.0006", answer.Headers.GetValues("X-Infermux-Cost").Single()); // 24,000 bytes are 6 s at 32 kbit/s
    }

    [Fact]
    public async Task VerboseJson_WithoutUsage_IsChargedByItsDuration()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Usage = UsageReport.Absent };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("whisper-1", BySecond));
        var answer = await gateway.PostFormAsync(Path, "b", MeteredSetup.Form("b", TwelveSeconds, "file", ("model", "whisper-1"), ("response_format", "verbose_json")));
        Assert.Equal("0.0012", answer.Header("X-Infermux-Cost"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tokens_OfSoundAndText_HaveTheirOwnPrices(bool stream)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Answer = new AnswerScript { Text = "one two three", PromptTokens = 130, CompletionTokens = 30 } };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("gpt-4o-transcribe", new PriceOverride { InputPerMillion = 2.5m, OutputPerMillion = 10m, MediaInputPerMillion = 6m }));

        var answer = await gateway.PostFormAsync(
            Path, "b", MeteredSetup.Form("b", TwelveSeconds, "file", ("model", "gpt-4o-transcribe"), ("stream", stream ? "true" : "false")));

        Assert.Equal("0.001045", stream ? answer.Trailers["X-Infermux-Cost"] : answer.Header("X-Infermux-Cost")); // (10 × 2.5 + 120 × 6 + 30 × 10) ÷ 10⁶
        if (stream)
        {
            Assert.Equal("one two three", string.Concat(answer.Events.Select(e => JsonNode.Parse(e)!["delta"]?.GetValue<string>())));
            Assert.Equal("transcript.text.done", JsonNode.Parse(answer.Events[^1])!["type"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Model_ThatDoesNotStream_AnswersWhole()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("whisper-1", BySecond));
        var answer = await gateway.PostFormAsync(Path, "b", MeteredSetup.Form("b", TwelveSeconds, "file", ("model", "whisper-1"), ("stream", "true")));
        Assert.Equal(("0.0012", false), (answer.Header("X-Infermux-Cost"), answer.Json["text"] is null));
    }

    [Fact]
    public async Task Caller_LeavesAStream_UpstreamIsClosedAndWhatTheFileMayCostIsMarked()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Calm with { ChunkInterval = TimeSpan.FromMilliseconds(10), Answer = new AnswerScript { Words = 10_000 } };
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("gpt-4o-transcribe", 2.5m, 10m));
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new ByteArrayContent(MeteredSetup.Form("b", TwelveSeconds, "file", ("model", "gpt-4o-transcribe"), ("stream", "true"))),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");

        using (var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            await using var events = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await events.ReadExactlyAsync(new byte[10], TestContext.Current.CancellationToken);
        }

        await provider.WaitForAsync(t => t.Cancelled == 1, TestContext.Current.CancellationToken);
        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/costs"))["estimated_usd"]?.GetValue<decimal>() > 0m, "an estimate is settled");
    }

    [Fact]
    public async Task Body_OverTheLimit_Is413BeforeAnythingGoesOut()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var options = Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"));
        await using var gateway = await TestGateway.StartAsync(options with { Limits = options.Limits with { MaxBody = 20_000 } });
        var answer = await gateway.PostFormAsync(Path, "b", MeteredSetup.Form("b", TwelveSeconds, "file", ("model", "whisper-1")));
        Assert.Equal((413, "request_too_large", 0), (answer.Status, answer.Header("X-Infermux-Error"), provider.Truth.Requests));
    }

    [Theory]
    [InlineData("application/json", "{\"model\":\"whisper-1\"}", "takes a form")]
    [InlineData("multipart/form-data", "--b--", "boundary")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b--\r\n", "no file")]
    public async Task Body_ThatIsNoForm_IsRefusedWithTheMend(string type, string body, string said)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await gateway.Client.PostAsync(new Uri(Path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(said, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
