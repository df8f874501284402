using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class StrategyTests
{
    [Fact]
    public async Task RoundRobin_TwoProviders_Alternates() =>
        Assert.Equal((20, 20), await SharesAsync(RoutingStrategy.RoundRobin, 40));

    [Fact]
    public async Task Priority_FirstEligible_TakesEverything() =>
        Assert.Equal((20, 0), await SharesAsync(RoutingStrategy.Priority, 20));

    [Fact]
    public async Task Random_ManyRequests_IsNearlyEven()
    {
        var (first, second) = await SharesAsync(RoutingStrategy.Random, 200);

        Assert.InRange(first, 60, 140);
        Assert.Equal(200, first + second);
    }

    [Fact]
    public async Task CostWeighted_CheaperProvider_TakesEverything() =>
        Assert.Equal((0, 20), await SharesAsync(RoutingStrategy.CostWeighted, 20, options => options with
        {
            Pricing = new PricingOptions
            {
                Overrides = new Dictionary<string, IReadOnlyDictionary<string, PriceOverride>>(StringComparer.Ordinal)
                {
                    ["first"] = Price(2m),
                    ["second"] = Price(1m),
                },
            },
        }));

    [Fact]
    public async Task LeastLatency_FasterProvider_TakesNearlyEverythingAndARecoveredOneIsTriedAgain()
    {
        await using var slow = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var fast = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        slow.Behaviour = Behaviour.Calm with { HeadDelay = TimeSpan.FromMilliseconds(150) };
        fast.Behaviour = Behaviour.Calm with { HeadDelay = TimeSpan.FromMilliseconds(20) };
        var forgetful = new CircuitOptions { WindowSeconds = 1 };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.LeastLatency,
            Setup.OpenAi(slow, "slow") with { CircuitBreaker = forgetful },
            Setup.OpenAi(fast, "fast") with { CircuitBreaker = forgetful }));
        for (var i = 0; i < 40; i++)
        {
            await gateway.ChatAsync();
        }

        Assert.True(fast.Truth.Requests > slow.Truth.Requests, $"fast {fast.Truth.Requests}, slow {slow.Truth.Requests}");

        slow.CalmDown();
        fast.Behaviour = Behaviour.Calm with { HeadDelay = TimeSpan.FromMilliseconds(100) };
        var before = slow.Truth.Requests;
        await TestGateway.UntilAsync(
            async () =>
            {
                await gateway.ChatAsync();
                return slow.Truth.Requests >= before + 20;
            },
            "the recovered provider gets traffic again");
    }

    private static Dictionary<string, PriceOverride> Price(decimal perMillion) => new(StringComparer.Ordinal)
    {
        ["gpt-4o-mini"] = new() { InputPerMillion = perMillion, OutputPerMillion = perMillion },
    };

    private static async Task<(int First, int Second)> SharesAsync(RoutingStrategy strategy, int requests, Func<InfermuxOptions, InfermuxOptions>? change = null)
    {
        await using var first = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var options = Setup.Of(strategy, Setup.OpenAi(first, "first"), Setup.OpenAi(second, "second"));
        await using var gateway = await TestGateway.StartAsync(change?.Invoke(options) ?? options);
        for (var i = 0; i < requests; i++)
        {
            Assert.Equal(200, (await gateway.ChatAsync()).Status);
        }

        return ((int)first.Truth.Requests, (int)second.Truth.Requests);
    }
}
