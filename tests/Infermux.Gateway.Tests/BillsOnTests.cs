using Infermux.Core.Configuration;
using Infermux.Gateway.Inference.Attempts;
using Infermux.Gateway.Tests.Support;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Gateway.Tests;

/// <summary>Vendors that go on and bill in full when their caller hangs up: read on where there is room for it, else settled at the hold.</summary>
public sealed class BillsOnTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(19, 1)]
    [InlineData(20, 2)]
    [InlineData(45, 4)]
    public void TryBegin_OfSoManyAttempts_LetsATenthAndAlwaysOneReadOn(int running, int readOn)
    {
        var reads = new BackgroundReads();
        for (var i = 0; i < running; i++)
        {
            reads.AttemptBegan();
        }

        Assert.Equal(readOn, Enumerable.Range(0, running).Count(_ => reads.TryBegin()));
        reads.End();
        Assert.True(reads.TryBegin());
        Assert.False(reads.TryBegin());
    }

    [Fact]
    public async Task Caller_WhoHangsUpWhileNoFurtherAnswerMayBeReadOn_EndsTheUpstreamAndIsSettledAtTheHold()
    {
        await using var provider = await ScriptedProvider.StartAsync(
            new() { DefaultPrice = new ScriptedPrice(10m, 30m), AbortRule = AbortRule.BillsOn }, TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Calm with { ChunkInterval = TimeSpan.FromMilliseconds(20), Answer = new AnswerScript { Words = 1_000 } };
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary") with { BaseUrl = "http://generativelanguage.googleapis.com/v1" })
                .Priced("gpt-4o-mini", 10m, 30m)
                .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 5m, Action = BudgetAction.HardStop }),
            replace: services => HookedTransport.Redirect(services, provider.Port));
        var account = gateway.Grains.GetGrain<ICallerBudgetGrain>("alice");
        Assert.True(gateway.Services.GetRequiredService<BackgroundReads>().TryBegin()); // the one that may

        using var stream = await RawStream.AtFirstContentAsync(gateway.Address);
        var held = (await account.GetAsync()).Reserved;
        stream.HangUp();

        await provider.WaitForAsync(t => t.Cancelled == 1, TestContext.Current.CancellationToken);
        AccountView? view = null;
        await TestGateway.UntilAsync(async () => (view = await account.GetAsync()).OpenHolds == 0, "the request is settled");
        Assert.Equal((held, held, 0m), (view!.Settled, view.Estimated, view.Excess));
        Assert.InRange(provider.Truth.Cost, 0.000001m, held);
    }
}
