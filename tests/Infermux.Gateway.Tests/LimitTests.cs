using System.Globalization;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task RequestsPerMinute_Reached_SendsTheRestToTheNextProvider()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority, Setup.OpenAi(primary, "primary") with { RateLimits = new RateLimitOptions { RequestsPerMinute = 3 } }, Setup.OpenAi(second, "second")));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.ChatAsync()));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal((3, 17), (primary.Truth.Requests, second.Truth.Requests));
    }

    [Fact]
    public async Task RequestsPerMinute_ReachedEverywhere_Is429ThatSaysWhenToComeBack()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority, Setup.OpenAi(provider, "primary") with { RateLimits = new RateLimitOptions { RequestsPerMinute = 1 } }));
        Assert.Equal(200, (await gateway.ChatAsync()).Status);

        var refused = await gateway.ChatAsync();

        Assert.Equal((429, "rate_limit"), (refused.Status, refused.Header("X-Infermux-Error")));
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 61);
        Assert.Contains("primary", refused.Json["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, provider.Truth.Requests);
    }

    [Fact]
    public async Task MaxConcurrency_UnderParallelRequests_IsNeverExceeded()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Calm with { HeadDelay = TimeSpan.FromMilliseconds(300) };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority, Setup.OpenAi(primary, "primary") with { MaxConcurrency = 2 }, Setup.OpenAi(second, "second")));

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => gateway.ChatAsync()));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(2, primary.Truth.PeakInFlight);
        Assert.True(second.Truth.Requests > 0);
    }
}
