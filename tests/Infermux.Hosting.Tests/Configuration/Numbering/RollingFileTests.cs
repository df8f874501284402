using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Tests.Clustering;
using Infermux.Hosting.Tests.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Hosting.Tests.Configuration.Numbering;

/// <summary>A changed file that comes to two silos one after the other, over a real store.</summary>
public sealed class RollingFileTests
{
    private const string Old = "providers: [{name: e, type: echo}]\nbudgets: [{caller: a, limit_usd: 1, action: hard_stop}]";

    private static string New => Old.Replace("limit_usd: 1", "limit_usd: 2", StringComparison.Ordinal);

    [Fact]
    public async Task Account_OfASiloThatEnds_KeepsTheNewLimitOnOneWithTheOldFileUntilThatIsChangedBack()
    {
        await using var redis = await RedisServer.StartAsync();
        Dictionary<string, string?> first = new() { ["infermux.yml"] = Old }, second = new() { ["infermux.yml"] = Old };
        var leaving = await StartAsync(redis, first);
        var old = NumberOf(leaving);
        Assert.True(old > 0); // known before the first request
        first["infermux.yml"] = New;
        await UntilAsync(() => NumberOf(leaving) > old, "the changed file has its number");
        Assert.Equal((ReserveOutcome.Granted, 2m), await ReserveOnAsync(leaving, 1.5m)); // while there is one silo, the account is there

        await using var staying = await StartAsync(redis, second);
        Assert.Equal(old, NumberOf(staying));
        await leaving.DisposeAsync();
        Assert.Equal((ReserveOutcome.Granted, 2m), await ReserveOnAsync(staying, 0.3m)); // with the old file it would be denied
        var before = NumberOf(staying);
        second["infermux.yml"] = New;
        await UntilAsync(() => NumberOf(staying) > before, "the other silo has the changed file");
        Assert.Equal((ReserveOutcome.Denied, 2m), await ReserveOnAsync(staying, 0.3m));
        var taken = NumberOf(staying);
        second["infermux.yml"] = Old;
        await UntilAsync(() => NumberOf(staying) > taken, "the change is taken back");
        Assert.Equal((ReserveOutcome.Denied, 1m), await ReserveOnAsync(staying, 0.1m));
    }

    private static Task<TestSilo> StartAsync(RedisServer redis, Dictionary<string, string?> files) => TestSilo.StartAsync(
        ClusterSettings.From(TestSilo.OnRedis(redis.Connection.Configuration), embeddedStore: null),
        Sample.Loader(files).Load(new() { Path = "infermux.yml" }).Loaded!);

    private static long NumberOf(TestSilo silo) => silo.Services.GetRequiredService<INumberedConfiguration>().Current.Number;

    /// <summary>As a gateway does: it repeats what came before it knew the activation, or was lost with a silo.</summary>
    private static async Task<(ReserveOutcome Outcome, decimal Limit)> ReserveOnAsync(TestSilo silo, decimal amount)
    {
        var account = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallerBudgetGrain>("a");
        var operation = Guid.NewGuid();
        for (var incarnation = 0L; ;)
        {
            var answer = await account.ReserveAsync(new()
            {
                Operation = operation,
                Sequence = 1,
                Incarnation = incarnation,
                NotAfter = TimeProvider.System.GetUtcNow().AddSeconds(5),
                Attempt = 1,
                Provider = "e",
                TargetModel = "m",
                Amount = amount,
                InputAmount = 0.001m,
            });
            if (answer.Outcome is not ReserveOutcome.Moved)
            {
                return (answer.Outcome, answer.Limit);
            }

            incarnation = answer.Incarnation;
        }
    }

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (!holds())
        {
            Assert.False(limit.IsCancellationRequested, $"not within 20 s: {what}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
