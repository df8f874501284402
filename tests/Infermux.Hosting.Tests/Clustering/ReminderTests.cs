using Infermux.Core.Configuration;
using Infermux.EmbeddedStore;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Tests.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Hosting.Tests.Clustering;

/// <summary>Reminders on both durable stores outlive the silo that set them.</summary>
public sealed class ReminderTests
{
    private static readonly GrainId Account = GrainId.Create("infermux.caller-budget", "alice");

    [Fact]
    public async Task Reminder_OnTheEmbeddedStore_IsThereForTheNextProcess()
    {
        var directory = Directory.CreateTempSubdirectory("infermux-reminder-");
        try
        {
            var cluster = new ClusterOptions { Store = StoreKind.Embedded, DataDir = directory.FullName };
            for (var run = 0; run < 2; run++)
            {
                await using var store = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = cluster.DataDir }, TestContext.Current.CancellationToken);
                await using var silo = await TestSilo.StartAsync(ClusterSettings.From(cluster, store.ConnectionString));
                await AssertKeptAsync(silo, run);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Reminder_OnRedis_IsThereForTheNextProcess()
    {
        await using var redis = await RedisServer.StartAsync();
        for (var run = 0; run < 2; run++)
        {
            var cluster = TestSilo.OnRedis(redis.Connection.Configuration);
            await using var silo = await TestSilo.StartAsync(ClusterSettings.From(cluster, embeddedStore: null));
            await AssertKeptAsync(silo, run);
        }
    }

    private static async Task AssertKeptAsync(TestSilo silo, int run)
    {
        var table = silo.Services.GetRequiredService<IReminderTable>();
        if (run == 0)
        {
            await table.UpsertRow(new ReminderEntry
            {
                GrainId = Account,
                ReminderName = "open-work",
                StartAt = new DateTime(2126, 1, 1, 0, 0, 0, DateTimeKind.Utc), // not to be called here: nothing is behind it
                Period = TimeSpan.FromMinutes(1),
            });
        }

        var kept = Assert.Single((await table.ReadRows(Account)).Reminders);
        Assert.Equal("open-work", kept.ReminderName);
        if (run == 1)
        {
            Assert.True(await table.RemoveRow(Account, kept.ReminderName, kept.ETag!));
            Assert.Empty((await table.ReadRows(Account)).Reminders);
        }
    }
}
