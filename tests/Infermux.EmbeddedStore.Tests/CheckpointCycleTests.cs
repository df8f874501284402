using StackExchange.Redis;

namespace Infermux.EmbeddedStore.Tests;

/// <summary>kill -9 while a checkpoint is being written: the new one is half there, and the append-only file may or may not be cut yet.</summary>
public sealed class CheckpointCycleTests(ITestOutputHelper output)
{
    private const int Writers = 16;
    private const int AccountsEach = 250;
    private readonly long[] _acknowledged = new long[Writers * AccountsEach];
    private TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _stillToWrite;

    [Theory]
    [InlineData(4)]
    [InlineData(25, Explicit = true)] // two minutes: see README.md of this folder
    public async Task Kill9_AmidCheckpoints_LosesNothingAcknowledged(int cycles)
    {
        using var directory = new DataDirectory();
        var random = new Random(20261122);
        var longest = TimeSpan.Zero;
        var interrupted = 0;
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            await using var store = await StoreProcess.StartAsync(directory.Path);
            longest = store.StartTime > longest ? store.StartTime : longest;
            await using var redis = await store.ConnectAsync();
            await VerifyAsync(redis.GetDatabase(), cycle);
            interrupted += await WriteUntilKilledAsync(store, redis, random) ? 1 : 0;
        }

        await using var last = await StoreProcess.StartAsync(directory.Path);
        await using var reader = await last.ConnectAsync();
        await VerifyAsync(reader.GetDatabase(), cycles + 1);
        output.WriteLine($"{cycles} cycles, {interrupted} killed with a checkpoint under way, {_acknowledged.Sum()} writes acknowledged, " +
            $"longest start {longest.TotalSeconds:F2} s, {directory.Size / 1e6:F0} MB on disk");
        Assert.True(cycles < 25 || (interrupted >= 3 && interrupted <= cycles - 3),
            $"{interrupted} of {cycles} kills fell into a checkpoint; some should, and some after it, for this test to mean anything");
    }

    /// <summary>True when a checkpoint had begun and not ended when the process was killed.</summary>
    private async Task<bool> WriteUntilKilledAsync(StoreProcess store, ConnectionMultiplexer redis, Random random)
    {
        // On a slow machine too: a cycle without writes would show nothing.
        (_enough, _stillToWrite) = (new(TaskCreationOptions.RunContinuationsAsynchronously), random.Next(200, 600));
        var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(redis.GetDatabase(), writer)).ToArray();
        await _enough.Task.WaitAsync(TestContext.Current.CancellationToken);
        var ended = await store.CheckpointAsync();
        if (random.Next(2) == 0)
        {
            await ended; // killed soon after it: what the checkpoint left out is gone from the append-only file by now
        }

        await Task.Delay(random.Next(0, 120), TestContext.Current.CancellationToken); // the moment of the kill is the point of the test
        await store.KillAsync();
        await Task.WhenAll(writers);
        return !await ended;
    }

    private async Task WriteAsync(IDatabase store, int writer)
    {
        for (var turn = 0; ; turn++)
        {
            var account = (writer * AccountsEach) + (turn % AccountsEach);
            try
            {
                await Accounts.WriteAsync(store, account, _acknowledged[account] + 1);
                _acknowledged[account]++;
                if (Interlocked.Decrement(ref _stillToWrite) == 0)
                {
                    _enough.SetResult();
                }
            }
            catch (Exception exception) when (exception is RedisConnectionException or RedisTimeoutException or ObjectDisposedException)
            {
                return; // killed; whether this last write happened is unknown, and both are right
            }
        }
    }

    private async Task VerifyAsync(IDatabase store, int cycle)
    {
        var read = await Task.WhenAll(Enumerable.Range(0, _acknowledged.Length).Select(account => Accounts.ReadAsync(store, account)));
        for (var account = 0; account < read.Length; account++)
        {
            var stored = read[account] ?? 0;
            Assert.True(stored == _acknowledged[account] || stored == _acknowledged[account] + 1,
                $"cycle {cycle}: account {account} is at {stored}, acknowledged was {_acknowledged[account]}");
            _acknowledged[account] = stored;
        }
    }
}
