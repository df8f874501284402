using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Infermux.Grains.Budgets;
using Infermux.Grains.Contracts;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Ledger;
using Infermux.Grains.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;
using Xunit;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>Accounts and the ledger over two silos and one store: commands come from both, in every order, and the owner moves or dies between them.</summary>
public sealed class TwoSilosTests : IAsyncLifetime
{
    private static readonly Guid Gateway = Guid.NewGuid();
    private readonly MemoryLedgerStore _ledger = new();
    private readonly ServiceProvider _stored = new ServiceCollection().AddSerializer().BuildServiceProvider(); // of no silo, since silos die
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        var accounts = new AccountStorage(_stored.GetRequiredService<Serializer>());
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(AccountStore.Provider, accounts);
            silo.Services.AddSingleton<ILedgerStore>(_ledger);
            silo.Services.AddSingleton<ICurrentConfiguration>(new FixedConfiguration([new() { Caller = "*", LimitUsd = 1m, Action = BudgetAction.HardStop }]));
            silo.Services.AddCallerBudgets().AddLedger();
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        });
        builder.ConfigureClient(client => client.AddOutgoingGrainCallFilter<AsGatewaysDo>());
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _stored.DisposeAsync();
    }

    [Fact]
    public async Task Commands_InEveryOrderWithTheOwnerMovingBetween_ChargeOnceAndHoldNothingAtTheEnd()
    {
        string[] commands = ["reserve", "extend", "settle", "void"];
        foreach (var (order, index) in Orders(commands).Select((order, index) => (order, index)))
        {
            var (name, operation) = ($"order-{index}", Guid.NewGuid());
            var account = _cluster.Client.GetGrain<ICallerBudgetGrain>(name);
            foreach (var command in order)
            {
                await SendAsync(account, command, name, operation);
                await _cluster.DeactivateAsync(account); // the next activation is on either silo
                await SendAsync(account, command, name, operation); // and its duplicate
                var between = await account.GetAsync();
                Assert.True(between.Settled + between.Reserved <= 1m, $"{string.Join(' ', order)} after {command}: {between}");
            }

            var view = await account.GetAsync();
            Assert.True(view.Settled == 0.2m, $"{string.Join(' ', order)}: settled {view.Settled}");
            await account.VoidAsync(new(operation, int.MaxValue)); // what a gateway ends every operation with that it did not settle
            Assert.Equal((0.2m, 0m, 0), ((await account.GetAsync()).Settled, (await account.GetAsync()).Reserved, (await account.GetAsync()).OpenHolds));
        }
    }

    [Fact]
    public async Task Accounts_SettledOverAllShardsWhileASiloIsKilled_EqualTheLedger()
    {
        var names = Enumerable.Range(0, 200).Select(i => $"caller-{i}").ToList();
        Assert.Equal(LedgerAddress.Shards, names.Select(LedgerAddress.ShardOf).Distinct().Count());
        await Task.WhenAll(names.Select(name => SettleAsync(name, 1)));
        await _cluster.KillSiloAsync(_cluster.Silos[1], TestContext.Current.CancellationToken);
        await Task.WhenAll(names.Select(name => SettleAsync(name, 2)));

        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var booked = 0m; booked != names.Count * 2 * 0.01m; booked = await BookedAsync(today))
        {
            Assert.False(limit.IsCancellationRequested, $"the ledger has {booked}");
            await Task.WhenAll(names.Select(name => _cluster.Client.GetGrain<ICallerBudgetGrain>(name).GetAsync().AsTask())); // wakes what the dead silo left
        }

        Assert.All(await Task.WhenAll(names.Select(name => _cluster.Client.GetGrain<ICallerBudgetGrain>(name).GetAsync().AsTask())), view => Assert.Equal(0.02m, view.Settled));
    }

    private static async Task SendAsync(ICallerBudgetGrain account, string command, string name, Guid operation)
    {
        var now = TimeProvider.System.GetUtcNow();
        switch (command)
        {
            case "reserve":
                await account.ReserveAsync(Reserve(operation, 1, 0.3m, now));
                break;
            case "extend":
                await account.ReserveAsync(Reserve(operation, 2, 0.4m, now));
                break;
            case "settle":
                await account.SettleAsync(new(Gateway, 1, [Bill(name, operation, 0.2m, now)]));
                break;
            default:
                await account.VoidAsync(new(operation, 0, now.AddSeconds(5))); // a delayed one: its sender went on
                break;
        }
    }

    private async Task SettleAsync(string name, int number)
    {
        var (account, operation, now) = (_cluster.Client.GetGrain<ICallerBudgetGrain>(name), Guid.NewGuid(), TimeProvider.System.GetUtcNow());
        await RepeatedAsync(() => account.ReserveAsync(Reserve(operation, 1, 0.02m, now.AddMinutes(1))).AsTask());
        await RepeatedAsync(() => account.SettleAsync(new(Gateway, number, [Bill(name, operation, 0.01m, now)])));
    }

    /// <summary>As gateways do with calls that are lost with a silo.</summary>
    private static async Task RepeatedAsync(Func<Task> call)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (Exception lost) when (!limit.IsCancellationRequested && (LostCalls.IsLost(lost) || lost is AccountUnavailableException))
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<decimal> BookedAsync(DateOnly day)
    {
        var sum = 0m;
        for (var shard = 0; shard < LedgerAddress.Shards; shard++)
        {
            sum += (await _ledger.LoadAsync(new(day, shard))).Book.Hours.Sum(row => row.Sums.Cost);
        }

        return sum;
    }

    private static IEnumerable<string[]> Orders(string[] commands) => commands.Length == 1
        ? [commands]
        : commands.SelectMany(first => Orders([.. commands.Where(other => other != first)]).Select(rest => (string[])[first, .. rest]));

    private static ReserveCommand Reserve(Guid operation, int sequence, decimal amount, DateTimeOffset now) => new()
    {
        Operation = operation,
        Sequence = sequence,
        NotAfter = now.AddSeconds(5),
        Attempt = 1,
        Provider = "p",
        TargetModel = "m",
        Amount = amount,
        InputAmount = 0.001m,
    };

    private static Settlement Bill(string name, Guid operation, decimal cost, DateTimeOffset now) => new()
    {
        Operation = operation,
        Account = name,
        Caller = name,
        BeganAt = now,
        Held = true,
        Lines = [new() { Attempt = 1, Provider = "p", TargetModel = "m", PromptTokens = 1, CompletionTokens = 1, Cost = cost, Succeeded = true }],
    };
}
