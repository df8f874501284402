using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;

namespace Infermux.Gateway.Tests;

/// <summary>Requests that outlive a hold's 30 s, through the whole gateway, on a clock that the test moves.</summary>
public sealed class LongRequestTests
{
    private const string Caller = "X-Infermux-Caller=alice";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 17, 10, 30, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_Of45Seconds_KeepsItsHoldAndSettlesExactly(bool stream)
    {
        await using var provider = await ScriptedProvider.StartAsync(
            new() { DefaultPrice = new ScriptedPrice(10m, 30m), Time = _time }, TestContext.Current.CancellationToken);
        provider.Behaviour = stream
            ? Behaviour.Says("a b c d e f g h i j") with { ChunkInterval = TimeSpan.FromSeconds(5) }
            : Behaviour.Calm with { HeadDelay = TimeSpan.FromSeconds(45) };
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary") with { Timeout = TimeSpan.FromMinutes(2) })
                .Priced("gpt-4o-mini", 10m, 30m)
                .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 0.01m, Action = BudgetAction.HardStop }),
            replace: services => services.AddSingleton<TimeProvider>(_time).UseTimeProviderForBackgroundAreas(TimeProvider.System));
        var account = gateway.Grains.GetGrain<ICallerBudgetGrain>("alice");
        var cap = new JsonObject { ["max_tokens"] = 300 };

        var asked = gateway.ChatAsync(stream: stream, more: cap, headers: Caller);
        await provider.WaitForAsync(t => t.InFlight == 1, TestContext.Current.CancellationToken);
        var held = (await account.GetAsync()).Reserved;
        Assert.True(held > 0.005m);
        var (seconds, refused) = (0, 0);
        for (; !asked.IsCompleted; seconds++)
        {
            Assert.True(seconds < 90, "the answer never came");
            if (seconds is > 0 and < 45)
            {
                var now = await account.GetAsync();
                Assert.Equal((held, 0m, 0m), (now.Reserved, now.Settled, now.Unsettled));
            }

            if (seconds == 40)
            {
                refused = (await gateway.ChatAsync(more: cap, headers: Caller)).Status; // what is held is not granted again
            }

            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(asked, Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
        }

        var answer = await asked;
        Assert.Equal((200, 429), (answer.Status, refused));
        Assert.True(seconds >= 45);
        var after = await QuietAsync(account);
        Assert.Equal((provider.Truth.Cost, 0m, 0m, 0m), (after.Settled, after.Unsettled, after.Estimated, after.Excess));
        Assert.Equal(1, provider.Truth.Requests);
    }

    private async Task<AccountView> QuietAsync(ICallerBudgetGrain account)
    {
        AccountView? view = null;
        await TestGateway.UntilAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(20));
                return (view = await account.GetAsync()).OpenHolds == 0;
            },
            "no hold is open");
        return view!;
    }
}
