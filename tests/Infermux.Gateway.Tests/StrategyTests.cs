using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class StrategyTests
{
    [Fact]
    public async Task RoundRobin_ThreeProviders_TakesTurns() =>
        Assert.All(await SharesAsync(RoutingStrategy.RoundRobin, 60), share => Assert.Equal(20, share));

    [Fact]
    public async Task Priority_FirstEligible_TakesEverything() =>
        Assert.Equal(30, (await SharesAsync(RoutingStrategy.Priority, 30))[0]);

    [Fact]
    public async Task Random_ManyRequests_IsNearlyEven() =>
        Assert.All(await SharesAsync(RoutingStrategy.Random, 300), share => Assert.InRange(share, 60, 140)); // five standard deviations

    [Theory]
    [InlineData(1, 0)] // a long prompt and hardly an answer: the cheapest input
    [InlineData(1_000, 2)] // as long an answer: the cheapest of both together
    public async Task CostWeighted_PromptAndExpectedCompletion_DecideTogetherWhoTakesEverything(int maxTokens, int cheapest)
    {
        var shares = await SharesAsync(
            RoutingStrategy.CostWeighted,
            20,
            options => options with
            {
                Pricing = new PricingOptions
                {
                    Overrides = new Dictionary<string, IReadOnlyDictionary<string, PriceOverride>>(StringComparer.Ordinal)
                    {
                        ["first"] = Price(1m, 100m),
                        ["second"] = Price(10m, 10m),
                        ["third"] = Price(8m, 8m),
                    },
                },
            },
            gateway => gateway.ChatAsync(prompt: string.Concat(Enumerable.Repeat("word ", 1_000)), more: new() { ["max_tokens"] = maxTokens }));

        Assert.Equal(20, shares[cheapest]);
    }

    [Fact]
    public async Task LeastLatency_FastestOfThree_TakesEverythingButWhatMeasuresTheOthers()
    {
        var (slow, middle, fast) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(120), TimeSpan.FromMilliseconds(20));
        var shares = await SharesAsync(RoutingStrategy.LeastLatency, 60, latencies: [slow, middle, fast]);

        var measuring = 2 * new LeastLatencyOptions().MinSamples; // averages reach the choice a moment after the answer
        Assert.Equal(60, shares.Sum());
        Assert.InRange(shares[0], 1, measuring);
        Assert.InRange(shares[1], 1, measuring);
    }

    [Fact]
    public async Task LeastLatency_SlowOneThatRecovered_GetsTrafficAgain()
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

    private static Dictionary<string, PriceOverride> Price(decimal input, decimal output) => new(StringComparer.Ordinal)
    {
        ["gpt-4o-mini"] = new() { InputPerMillion = input, OutputPerMillion = output },
    };

    /// <summary>How many of so many requests, one after another, each of three providers got.</summary>
    private static async Task<int[]> SharesAsync(
        RoutingStrategy strategy,
        int requests,
        Func<InfermuxOptions, InfermuxOptions>? change = null,
        Func<TestGateway, Task<Answer>>? ask = null,
        params TimeSpan[] latencies)
    {
        await using var first = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var third = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        ScriptedProvider[] providers = [first, second, third];
        foreach (var (provider, latency) in providers.Zip(latencies))
        {
            provider.Behaviour = Behaviour.Calm with { HeadDelay = latency };
        }

        var options = Setup.Of(strategy, Setup.OpenAi(first, "first"), Setup.OpenAi(second, "second"), Setup.OpenAi(third, "third"));
        await using var gateway = await TestGateway.StartAsync(change?.Invoke(options) ?? options);
        for (var i = 0; i < requests; i++)
        {
            Assert.Equal(200, (await (ask?.Invoke(gateway) ?? gateway.ChatAsync())).Status);
        }

        return [.. providers.Select(provider => (int)provider.Truth.Requests)];
    }
}
