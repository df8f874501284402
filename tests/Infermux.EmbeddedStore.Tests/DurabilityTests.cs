using StackExchange.Redis;

namespace Infermux.EmbeddedStore.Tests;

/// <summary>What was acknowledged is there again after kill -9, whatever the amount, the moment and the size.</summary>
public sealed class DurabilityTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(20_000)]
    [InlineData(200_000, Explicit = true)] // a minute: see README.md of this folder
    public async Task Accounts_BeyondMemoryThenKill9_AreAllReadable(int count)
    {
        using var directory = new DataDirectory();
        await using (var store = await StoreProcess.StartAsync(directory.Path))
        {
            await using var redis = await store.ConnectAsync();
            var took = await EachAsync(redis.GetDatabase(), count, (batch, account) => Accounts.WriteAsync(batch, account, 1));
            output.WriteLine($"wrote {count} accounts in {took.TotalSeconds:F1} s, {directory.Size >> 20} MiB on disk");
            await store.KillAsync();
        }

        await using var again = await StoreProcess.StartAsync(directory.Path);
        await using var reader = await again.ConnectAsync();
        output.WriteLine($"restarted in {again.StartTime.TotalSeconds:F2} s");
        var read = await EachAsync(reader.GetDatabase(), count, async (batch, account) => Assert.Equal(1, await Accounts.ReadAsync(batch, account)));
        output.WriteLine($"read them in {read.TotalSeconds:F1} s, {directory.Size >> 20} MiB on disk");
    }

    /// <summary>A write that a crash cut short: its last bytes never came to the disk. Nobody was told of it; here it was acknowledged, so that one can see it go.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(64)]
    public async Task Log_ThatEndsInTheMiddleOfARecord_LosesThatRecordAlone(int missing)
    {
        const int Count = 500;
        using var directory = new DataDirectory();
        await using (var store = await StoreProcess.StartAsync(directory.Path))
        {
            await using var redis = await store.ConnectAsync();
            for (var account = 0; account < Count; account++)
            {
                await Accounts.WriteAsync(redis.GetDatabase(), account, 1); // one after the other: the last record is the last account's
            }

            await store.KillAsync();
        }

        directory.TearLog(missing);
        await using (var again = await StoreProcess.StartAsync(directory.Path))
        {
            await using var reader = await again.ConnectAsync();
            var read = await Task.WhenAll(Enumerable.Range(0, Count).Select(account => Accounts.ReadAsync(reader.GetDatabase(), account)));
            Assert.All(read[..^1], version => Assert.Equal(1, version));
            Assert.Null(read[^1]);
            await Accounts.WriteAsync(reader.GetDatabase(), Count - 1, 1);
            await again.KillAsync();
        }

        await using var last = await StoreProcess.StartAsync(directory.Path);
        await using var after = await last.ConnectAsync();
        Assert.Equal(1, await Accounts.ReadAsync(after.GetDatabase(), Count - 1)); // what is written behind the tear stays
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100, Explicit = true)] // the promised million, four minutes: see README.md of this folder
    public async Task Store_AfterManyWrites_RestartsWithinFiveSecondsAndStaysUnder200Megabytes(int versions)
    {
        const int Count = 10_000;
        using var directory = new DataDirectory();
        await using (var store = await StoreProcess.StartAsync(directory.Path))
        {
            await using var redis = await store.ConnectAsync();
            var took = TimeSpan.Zero;
            for (var version = 1; version <= versions; version++)
            {
                var written = version;
                took += await EachAsync(redis.GetDatabase(), Count, (batch, account) => Accounts.OverwriteAsync(batch, account, written));
            }

            output.WriteLine($"wrote {Count * versions} in {took.TotalSeconds:F1} s, {directory.Size >> 20} MiB on disk");
            await store.KillAsync();
        }

        await using var again = await StoreProcess.StartAsync(directory.Path);
        await using var reader = await again.ConnectAsync();
        output.WriteLine($"restarted in {again.StartTime.TotalSeconds:F2} s, {directory.Size / 1e6:F0} MB on disk");
        await EachAsync(reader.GetDatabase(), Count, async (batch, account) => Assert.Equal(versions, await Accounts.ReadAsync(batch, account)));
        Assert.InRange(again.StartTime, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(directory.Size, 0, 200_000_000);
    }

    /// <summary>The store's page is 2 MiB, the append-only file's 4.</summary>
    [Theory]
    [InlineData(1_000_000)]
    [InlineData(2_500_000)]
    [InlineData(12_000_000)]
    public async Task Value_AboveThePageSize_SurvivesKill9(int length)
    {
        using var directory = new DataDirectory();
        var value = new byte[length];
        new Random(length).NextBytes(value);
        await using (var store = await StoreProcess.StartAsync(directory.Path))
        {
            await using var redis = await store.ConnectAsync();
            await redis.GetDatabase().StringSetAsync("text", value);
            await redis.GetDatabase().HashSetAsync("hash", "field", value);
            await store.KillAsync();
        }

        await using var again = await StoreProcess.StartAsync(directory.Path);
        await using var reader = await again.ConnectAsync();
        Assert.Equal(value, (byte[]?)await reader.GetDatabase().StringGetAsync("text"));
        Assert.Equal(value, (byte[]?)await reader.GetDatabase().HashGetAsync("hash", "field"));
    }

    /// <summary>In pipelined batches, a few at once: with one write a call the disk's answer time is all one would measure.</summary>
    private static async Task<TimeSpan> EachAsync(IDatabase store, int count, Func<IDatabaseAsync, int, Task> act)
    {
        var started = TimeProvider.System.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, count).Chunk(500), options, async (accounts, _) =>
        {
            var batch = store.CreateBatch();
            var answers = accounts.Select(account => act(batch, account)).ToArray();
            batch.Execute();
            await Task.WhenAll(answers);
        });
        return TimeProvider.System.GetElapsedTime(started);
    }
}
