using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Providers;
using Infermux.Providers.Aws;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Gateway.Tests;

/// <summary>An application that speaks OpenAI, answered by Bedrock's Converse through the whole gateway.</summary>
public sealed class BedrockTests : IAsyncLifetime
{
    private const string Model = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
    private ScriptedProvider _bedrock = null!;

    public async ValueTask InitializeAsync() => _bedrock = await ScriptedProvider.StartAsync(
        new() { Name = "bedrock", DefaultPrice = new ScriptedPrice(10m, 30m), AbortRule = AbortRule.BillsOn }, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _bedrock.DisposeAsync();

    [Fact]
    public async Task Whole_AnswersUnderTheCallersModelAndNamesWhatWasDropped()
    {
        await using var gateway = await StartAsync(Keys);
        _bedrock.Behaviour = Behaviour.Says("from Converse");

        var answer = await gateway.ChatAsync(more: new JsonObject { ["seed"] = 1 });

        Assert.Equal((200, "from Converse", "seed"), (answer.Status, answer.Content, answer.Header("X-Infermux-Dropped")));
        Assert.Equal(("gpt-4o-mini", Model), (answer.Json["model"]!.GetValue<string>(), _bedrock.Requests[0].Model));
    }

    [Fact]
    public async Task Streamed_AnswersWithUsageAndEndsCleanly()
    {
        await using var gateway = await StartAsync(Keys);
        _bedrock.Behaviour = Behaviour.Says("one two three") with { Wire = new WireShape { SplitEvery = 11 } };

        var answer = await gateway.ChatAsync(stream: true, more: new JsonObject { ["stream_options"] = new JsonObject { ["include_usage"] = true } });

        Assert.True(answer.EndsCleanly, answer.Body);
        Assert.Equal("one two three", answer.StreamedText);
        var usage = JsonNode.Parse(answer.Events[^2])!;
        Assert.Equal(_bedrock.Truth.Billed.Output, usage["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.Equal(_bedrock.Truth.Cost, usage["infermux"]!["cost_usd"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task CallersToken_NeverGoesToBedrock()
    {
        await using var gateway = await StartAsync(Keys);
        await gateway.ChatAsync();
        var sent = _bedrock.Requests[0].Headers;
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/", sent["Authorization"], StringComparison.Ordinal);
        Assert.DoesNotContain(sent, static header => header.Value.Contains("sk-callers-own", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bedrock_WithoutCredentials_IsLeftForTheNextProviderAndCostsNothing()
    {
        await using var other = await ScriptedProvider.StartAsync(new() { Name = "other" }, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Bedrock(Chain), Setup.OpenAi(other, "openai")),
            replace: static services => services.AddSingleton<IAwsCredentialSource, NoCredentials>());

        var answer = await gateway.ChatAsync();

        Assert.Equal((200, "openai", 0), (answer.Status, answer.Header("X-Infermux-Provider"), _bedrock.Requests.Count));
        var costs = await gateway.GetJsonAsync("/_infermux/costs/marked");
        Assert.Empty(costs["rows"]?.AsArray() ?? []);
    }

    [Fact]
    public async Task Exception_BeforeContent_FailsOverAndLaterBreaksTheStream()
    {
        await using var other = await ScriptedProvider.StartAsync(new() { Name = "other" }, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Bedrock(Keys), Setup.OpenAi(other, "openai")));
        _bedrock.Enqueue(Behaviour.Breaks(Fault.ErrorEvent), Behaviour.Says("a b c") with { Fault = Fault.ErrorEvent, AfterEvents = 2 });

        var first = await gateway.ChatAsync(stream: true);
        var second = await gateway.ChatAsync(stream: true);

        Assert.Equal("openai", first.Header("X-Infermux-Provider"));
        Assert.True(first.EndsCleanly, first.Body);
        Assert.False(second.EndsCleanly, second.Body);
        Assert.Contains("\"error\"", second.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_OfSomebodyWhoHangsUp_IsReadToItsEndSinceItIsBilledInFull()
    {
        await using var gateway = await StartAsync(Keys);
        _bedrock.Behaviour = Behaviour.Calm with { ChunkInterval = TimeSpan.FromMilliseconds(5), Answer = new AnswerScript { Words = 60 } };
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"hi"}]}""", System.Text.Encoding.UTF8, "application/json"),
        };
        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        await leaving.CancelAsync();
        response.Dispose();

        var truth = await _bedrock.WaitForAsync(static truth => truth.Answered == 1, TestContext.Current.CancellationToken);

        Assert.Equal((60, 0), (truth.Billed.Output, truth.Cancelled));
    }

    private Task<TestGateway> StartAsync(ProviderOptions credential) => TestGateway.StartAsync(
        Setup.Of(RoutingStrategy.Priority, Bedrock(credential)).Priced(Model, 10m, 30m));

    private static ProviderOptions Keys => new() { AwsAccessKeyId = "AKIAEXAMPLE", AwsSecretAccessKey = "secret" };

    private static ProviderOptions Chain => new();

    private ProviderOptions Bedrock(ProviderOptions credential) => credential with
    {
        Name = "aws",
        Type = ProviderType.Bedrock,
        AwsRegion = "us-east-1",
        BaseUrl = _bedrock.BaseUrl,
        ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["gpt-4o-mini"] = Model },
        Timeout = TimeSpan.FromSeconds(10),
        HealthCheck = new HealthCheckOptions { Disabled = true },
    };

    private sealed class NoCredentials : IAwsCredentialSource
    {
        public ValueTask<AwsCredentials> GetAsync(string? profile, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("The AWS credential chain found nothing.");
    }
}
