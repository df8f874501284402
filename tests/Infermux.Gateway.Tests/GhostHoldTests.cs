using System.Text;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;
using Infermux.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Gateway.Tests;

/// <summary>Whoever gives up on a reserve gives back what it may have held, long before it would expire.</summary>
public sealed class GhostHoldTests
{
    private const string Caller = "X-Infermux-Caller=alice";
    private readonly AbortSignal _abort = new();

    [Fact]
    public async Task Selection_WhoseAnswersAreAllLost_IsRefusedAndHoldsNothing()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var calls = 0;
        await using var gateway = await StartAsync(provider, (_, selection, call) =>
        {
            Assert.NotNull(selection.Hold);
            calls = call;
            throw new TimeoutException("lost");
        });
        var began = TimeProvider.System.GetTimestamp();

        var answer = await gateway.ChatAsync(headers: Caller);

        Assert.Equal((503, "overloaded", "1"), (answer.Status, answer.Header("X-Infermux-Error"), answer.Header("Retry-After")));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0.5, 4);
        Assert.InRange(calls, 5, 12); // pauses double; without them it was thousands
        await NothingHeldAsync(gateway);
    }

    [Fact]
    public async Task Selection_ThatFailsInAnUnknownWay_HoldsNothing()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(provider, (_, _, _) => throw new NotSupportedException("unknown"));

        Assert.Equal(500, (await gateway.ChatAsync(headers: Caller)).Status);

        await NothingHeldAsync(gateway);
    }

    [Fact]
    public async Task Selection_LostAndThenNobodyLeft_HoldsNothing()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(provider, (_, selection, call) => call == 1
            ? throw new TimeoutException("lost")
            : Task.FromResult(selection with { Outcome = SelectionOutcome.NoHealthyProviders, Hold = null, Provider = "" }));

        Assert.Equal(503, (await gateway.ChatAsync(headers: Caller)).Status);

        await NothingHeldAsync(gateway);
    }

    [Fact]
    public async Task Selection_AllowedWithoutTheAccountAndThenNothingBilled_HoldsNothing()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Fails(400);
        await using var gateway = await StartAsync(
            provider, (_, selection, _) => Task.FromResult(selection with { Hold = null, MayBeHeldBy = selection.Hold!.Account }));

        Assert.Equal(400, (await gateway.ChatAsync(headers: Caller)).Status);

        await NothingHeldAsync(gateway);
    }

    [Fact]
    public async Task Caller_LeavesWhileAProviderIsChosen_NothingIsSentAndNothingHeld()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var (chosen, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var gateway = await StartAsync(provider, async (_, selection, _) =>
        {
            chosen.TrySetResult();
            await left.Task;
            return selection;
        });
        using var hangUp = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Infermux-Caller", "alice");
        var asked = gateway.Client.SendAsync(request, hangUp.Token);
        await chosen.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, (await AccountAsync(gateway)).OpenHolds);

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await _abort.Seen.WaitAsync(TestContext.Current.CancellationToken);
        left.SetResult();

        await NothingHeldAsync(gateway);
        Assert.Equal(0, provider.Truth.Requests);
    }

    private Task<TestGateway> StartAsync(ScriptedProvider provider, Func<SelectRequest, Selection, int, Task<Selection>> answered) => TestGateway.StartAsync(
        Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("gpt-4o-mini", 10m, 30m)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 5m, Action = BudgetAction.HardStop }),
        replace: services =>
        {
            var real = services.Last(service => service.ServiceType == typeof(ISelector)).ImplementationFactory!;
            services.AddSingleton<ISelector>(provider => new LosingSelector((ISelector)real(provider), answered));
            services.AddSingleton<IStartupFilter>(_abort);
        });

    /// <summary>Within 10 s: by its expiry alone a hold would stay for 30.</summary>
    private static async Task NothingHeldAsync(TestGateway gateway)
    {
        AccountView? view = null;
        await TestGateway.UntilAsync(async () => (view = await AccountAsync(gateway)).OpenHolds == 0, "nothing is held");
        Assert.Equal((0m, 0m, 0m), (view!.Reserved, view.Settled, view.Unsettled));
    }

    private static async Task<AccountView> AccountAsync(TestGateway gateway) => await gateway.Grains.GetGrain<ICallerBudgetGrain>("alice").GetAsync();
}
