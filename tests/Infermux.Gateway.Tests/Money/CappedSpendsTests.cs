using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Infermux.Gateway.Money.Capped;
using Infermux.Gateway.Money.Journal;
using Infermux.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Infermux.Gateway.Tests.Money;

/// <summary>What a gateway keeps of what it spends for accounts that it cannot reach: over its restarts, and for as long as a period.</summary>
public sealed class CappedSpendsTests : IDisposable
{
    private static readonly BudgetOptions Budget = new() { Caller = "alice", LimitUsd = 100m, Action = BudgetAction.HardStop }; // 1 USD for one gateway

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 30, 12, 0, 0, TimeSpan.Zero));
    private int _gateways = 1;

    private string File => Path.Combine(_folder.Path, "data", CappedFile.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restart_AfterSpending_KeepsWhatWasBilledAndCountsWhatRanInFull()
    {
        using (var spends = await StartAsync())
        {
            var ended = Guid.NewGuid();
            Assert.True(spends.TryTake("alice", Budget, new(ended, 1), 0.5m));
            Assert.True(spends.TryTake("alice", Budget, new(Guid.NewGuid(), 1), 0.25m)); // still runs when the process dies
            spends.Settle("alice", ended, 0.125m);
            Assert.Equal(0.625m, spends.Left("alice", Budget));
        }

        for (var restart = 0; restart < 2; restart++)
        {
            using var next = await StartAsync();
            Assert.Equal(0.625m, next.Left("alice", Budget));
            Assert.False(next.TryTake("alice", Budget, new(Guid.NewGuid(), 1), 0.626m));
            Assert.Equal(1m, next.Left("bob", Budget));
        }

        _time.Advance(TimeSpan.FromDays(2)); // April
        using var later = await StartAsync();
        Assert.True(later.TryTake("alice", Budget, new(Guid.NewGuid(), 1), 1m));
    }

    [Fact]
    public async Task Cap_WhenGatewaysCome_Shrinks()
    {
        using var spends = await StartAsync();
        Assert.True(spends.TryTake("alice", Budget, new(Guid.NewGuid(), 1), 0.25m));
        _gateways = 2;
        Assert.Equal(0.25m, spends.Left("alice", Budget));
        _gateways = 10;
        Assert.Equal(0m, spends.Left("alice", Budget));
    }

    [Fact]
    public async Task File_WithATornLastLine_IsReadWithoutIt()
    {
        using (var spends = await StartAsync())
        {
            Assert.True(spends.TryTake("alice", Budget, new(Guid.NewGuid(), 1), 0.25m));
        }

        await System.IO.File.AppendAllTextAsync(File, """{"account":"alice","ki""", TestContext.Current.CancellationToken);
        using var next = await StartAsync();
        Assert.Equal(0.75m, next.Left("alice", Budget));
    }

    [Fact]
    public async Task File_ThatIsDamaged_IsRefusedWithTheMend()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, "no record\n", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<JournalException>(StartAsync);
        Assert.Contains("or delete it to accept that", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempt_ThatCannotBeWritten_IsNotTaken()
    {
        using var spends = await StartAsync();
        Directory.CreateDirectory(File); // in the file's place
        Assert.False(spends.TryTake("alice", Budget, new(Guid.NewGuid(), 1), 0.25m));
        Assert.Equal(1m, spends.Left("alice", Budget));
    }

    [Fact]
    public async Task File_OfManyAttempts_StaysShort()
    {
        using var spends = await StartAsync();
        for (var i = 0; i < 8_000; i++)
        {
            var operation = Guid.NewGuid();
            Assert.True(spends.TryTake("alice", Budget, new(operation, 1), 0.2m));
            spends.Settle("alice", operation, 0.0001m);
        }

        Assert.InRange(new FileInfo(File).Length, 1, 1 << 20);
        Assert.Equal(0.2m, spends.Left("alice", Budget));
    }

    private async Task<CappedSpends> StartAsync()
    {
        var spends = new CappedSpends(() => new CappedFile(File), () => _gateways, _time, NullLogger<CappedSpends>.Instance);
        await spends.StartAsync(TestContext.Current.CancellationToken);
        return spends;
    }
}
