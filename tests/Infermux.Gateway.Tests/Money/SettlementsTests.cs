using System.Collections.Concurrent;
using CsCheck;
using Infermux.Gateway.Money;
using Infermux.Gateway.Money.Journal;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Gateway.Tests.Money;

public sealed class SettlementsTests : IDisposable
{
    private static readonly TimeSpan Linger = new SettlePace().Linger;
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentDictionary<string, TestAccount> _accounts = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Settle_SeveralOfOneAccount_ArriveAsOneBatchAfterTheLinger()
    {
        using var settlements = await StartedAsync(_folder);
        var billed = Enumerable.Range(0, 5).Select(_ => Billed.One()).ToList();
        billed.ForEach(settlements.Settle);
        _time.Advance(Linger);
        await UntilAsync(() => Account("team-a").Arrived.Count > 0, advance: false);

        var batch = Assert.Single(Account("team-a").Arrived);
        Assert.Equal(5, batch.Number);
        Assert.Equal(billed, batch.Settlements);
    }

    [Fact]
    public async Task Drain_OfABatchThatWaitsForCompany_SendsItAtOnce()
    {
        using var settlements = await StartedAsync(_folder);
        settlements.Settle(Billed.One());
        var drained = settlements.DrainAsync(CancellationToken.None);
        settlements.Settle(Billed.One()); // nor does what still ends meanwhile wait
        await UntilAsync(() => drained.IsCompleted && Account("team-a").Booked.Count == 2, advance: false);
    }

    [Fact]
    public async Task Settle_UnansweredAfterItWasApplied_IsRepeatedAndBookedOnce()
    {
        var account = Account("team-a");
        account.Before = index => index == 0 ? throw new TimeoutException() : Task.CompletedTask;
        account.After = index => index is 1 or 2 ? throw new TimeoutException() : Task.CompletedTask;
        using var settlements = await StartedAsync(_folder);
        var billed = Enumerable.Range(0, 3).Select(_ => Billed.One()).ToList();
        billed.ForEach(settlements.Settle);
        await DrainedAsync(settlements);

        Assert.Equal(4, account.Arrived.Count);
        Assert.Equal(billed, account.Booked);
        Assert.Single(account.Arrived.Select(batch => batch.Gateway).Distinct());
    }

    [Fact]
    public async Task Settle_AccountThatNeverAnswers_IsAskedAgainAndDoesNotHoldUpOthers()
    {
        var hung = new TaskCompletionSource();
        Account("slow").Before = index => index == 0 ? hung.Task : Task.CompletedTask;
        using var settlements = await StartedAsync(_folder);
        settlements.Settle(Billed.One("slow"));
        settlements.Settle(Billed.One("quick"));
        _time.Advance(Linger);
        await UntilAsync(() => Account("quick").Booked.Count == 1, advance: false);
        Assert.Empty(Account("slow").Booked);

        await DrainedAsync(settlements);
        Assert.Single(Account("slow").Booked);
        hung.SetResult(); // the first call is applied late, after its repeat
        await UntilAsync(() => Account("slow").Arrived.Count == 2, advance: false);
        Assert.Single(Account("slow").Booked);
    }

    [Fact]
    public async Task Settle_WhileABatchIsInFlight_WaitsForIt()
    {
        var account = Account("team-a");
        var answer = new TaskCompletionSource();
        account.Before = index => index == 0 ? answer.Task : Task.CompletedTask;
        using var settlements = await StartedAsync(_folder);
        settlements.Settle(Billed.One());
        _time.Advance(Linger);
        await UntilAsync(() => account.Arrived.Count == 1, advance: false);
        settlements.Settle(Billed.One());
        settlements.Settle(Billed.One());
        _time.Advance(TimeSpan.FromMilliseconds(500));
        answer.SetResult();
        await DrainedAsync(settlements);

        Assert.Equal(1, account.MostInFlight);
        Assert.Equal([1, 3], account.Arrived.Select(batch => batch.Number));
    }

    [Fact]
    public Task Settle_KilledAndRestartedAtAnyMomentWithAnyFailures_IsBookedExactlyOnce() => Scenario.SampleAsync(
        async scenario =>
        {
            var accounts = new ConcurrentDictionary<string, TestAccount>(StringComparer.Ordinal);
            var flaky = new Random(scenario.Seed);
            TestAccount Flaky(string name) => accounts.GetOrAdd(name, _ => new TestAccount
            {
                Before = _ => Chance(flaky, scenario.FailBefore) ? throw new TimeoutException() : Task.CompletedTask,
                After = _ => Chance(flaky, scenario.FailAfter) ? throw new TimeoutException() : Task.CompletedTask,
            });

            var billed = new List<Settlement>();
            var folder = new TemporaryFolder();
            foreach (var life in scenario.Lives)
            {
                var settlements = await StartedAsync(folder, Flaky, segmentBytes: 2000);
                foreach (var name in life.Accounts)
                {
                    billed.Add(Billed.One(name));
                    settlements.Settle(billed[^1]);
                }

                for (var step = 0; step < life.Steps; step++)
                {
                    _time.Advance(Linger * 1.2);
                    await Task.Yield();
                }

                folder = Killed(settlements, folder);
            }

            using (var last = await StartedAsync(folder, Flaky, segmentBytes: 2000))
            {
                await DrainedAsync(last);
            }

            folder.Dispose();
            foreach (var account in billed.GroupBy(settlement => settlement.Account, StringComparer.Ordinal))
            {
                Assert.Equal(
                    account.Select(settlement => settlement.Operation).Order(),
                    accounts[account.Key].Booked.Select(settlement => settlement.Operation).Order());
            }
        },
        iter: 60, threads: 1);

    [Fact]
    public async Task Stop_AccountsAnswer_LeavesNothingInTheJournal()
    {
        using (var settlements = await StartedAsync(_folder))
        {
            settlements.Settle(Billed.One());
            var stopped = settlements.StopAsync(TestContext.Current.CancellationToken);
            await UntilAsync(() => stopped.IsCompleted);
            await stopped;
        }

        Assert.Empty(Directory.GetFiles(_folder.Path, "*" + JournalSegment.Suffix));
        Assert.Single(Account("team-a").Booked);
    }

    [Fact]
    public async Task Stop_AccountsSilentUntilTheDrainEnds_KeepsTheSettlementForTheNextStart()
    {
        Account("team-a").Before = _ => throw new TimeoutException();
        using (var settlements = await StartedAsync(_folder))
        {
            settlements.Settle(Billed.One());
            using var drain = new CancellationTokenSource();
            var stopped = settlements.StopAsync(drain.Token);
            _time.Advance(TimeSpan.FromSeconds(1));
            await drain.CancelAsync();
            await stopped;
        }

        Account("team-a").Before = _ => Task.CompletedTask;
        using var next = await StartedAsync(_folder);
        await DrainedAsync(next);
        Assert.Single(Account("team-a").Booked);
    }

    [Fact]
    public async Task Void_UnansweredTwice_IsRepeatedUntilAcknowledged()
    {
        var account = Account("team-a");
        account.Before = index => index < 2 ? throw new TimeoutException() : Task.CompletedTask;
        using var settlements = await StartedAsync(_folder);
        var operation = Guid.NewGuid();
        settlements.Void("team-a", operation, 3);
        await DrainedAsync(settlements);
        Assert.Equal(Enumerable.Repeat(new VoidCommand(operation, 3), 3), account.Voids.Select(sent => sent with { NotAfter = null }));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public async Task Void_AccountWithAnotherClock_IsSentInItsTimeOnceItHasTold(int minutes)
    {
        var account = Account("team-a");
        account.Clock = () => _time.GetUtcNow().AddMinutes(minutes);
        using var settlements = await StartedAsync(_folder);
        settlements.Void("team-a", Guid.NewGuid(), 3);
        await DrainedAsync(settlements);
        settlements.Void("team-a", Guid.NewGuid(), 3);
        await DrainedAsync(settlements);
        Assert.Equal(minutes > 0 ? 3 : 2, account.Voids.Count); // only the first one was late, and only where the account is ahead
        Assert.InRange(account.Voids[^1].NotAfter!.Value - account.Clock(), TimeSpan.FromSeconds(-60), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task KeepHeld_UntilLetGo_IsToldEveryFiveSecondsWithTheActualsOfThatMoment()
    {
        using var settlements = await StartedAsync(_folder);
        var (first, second) = (new TestHold("team-a") { Cost = () => 0.5m }, new TestHold("team-a") { Cost = () => throw new InvalidOperationException("unknown") });
        settlements.KeepHeld(first);
        settlements.KeepHeld(first);
        settlements.KeepHeld(second);
        var refreshes = Account("team-a").Refreshes;
        await RoundAsync(settlements); // the first is for what came before it
        await RoundAsync(settlements);
        await UntilAsync(() => refreshes.Count == 1, advance: false);
        first.Cost = () => 0.75m;
        await RoundAsync(settlements);
        await UntilAsync(() => refreshes.Count == 2, advance: false);
        settlements.LetGo(first);
        settlements.LetGo(first);
        await RoundAsync(settlements);
        await UntilAsync(() => refreshes.Count == 3, advance: false);

        Assert.Equal([new(first.Operation, 0.5m), new(second.Operation, 0m)], InOrder(refreshes[0], first.Operation));
        Assert.Equal([new(first.Operation, 0.75m), new(second.Operation, 0m)], InOrder(refreshes[1], first.Operation));
        Assert.Equal([new HoldRefresh(second.Operation, 0m)], refreshes[2].Holds);
    }

    [Fact]
    public async Task KeepHeld_LetGoBeforeTheSecondRound_IsNeverTold()
    {
        using var settlements = await StartedAsync(_folder);
        settlements.KeepHeld(new TestHold("team-b"));
        var brief = new TestHold("team-a");
        settlements.KeepHeld(brief);
        await RoundAsync(settlements);
        settlements.LetGo(brief);
        await RoundAsync(settlements);
        await UntilAsync(() => Account("team-b").Refreshes.Count == 1, advance: false);

        Assert.Empty(Account("team-a").Refreshes);
    }

    [Fact]
    public async Task KeepHeld_AndLetGo_AllocateNothing()
    {
        using var settlements = await StartedAsync(_folder);
        var hold = new TestHold("team-a");
        settlements.KeepHeld(hold);
        settlements.LetGo(hold);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            settlements.KeepHeld(hold);
            settlements.LetGo(hold);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task LetGo_InAnyOrder_LeavesTheOthersInTheList()
    {
        using var settlements = await StartedAsync(_folder);
        var holds = Enumerable.Range(0, 5).Select(_ => new TestHold("team-a")).ToList();
        holds.ForEach(settlements.KeepHeld);
        settlements.LetGo(holds[4]);
        settlements.LetGo(holds[0]);
        settlements.LetGo(holds[2]);
        await RoundAsync(settlements);
        await RoundAsync(settlements);
        await UntilAsync(() => Account("team-a").Refreshes.Count == 1, advance: false);

        Assert.Equal(
            new[] { holds[1].Operation, holds[3].Operation }.Order(), Account("team-a").Refreshes[0].Holds.Select(hold => hold.Operation).Order());
    }

    [Fact]
    public async Task Settle_WithoutAJournal_IsSentAllTheSame()
    {
        using var settlements = new Settlements(
            () => new NoJournal(), Grain, new AccountMemory(new LedgerMemory(null, NullLogger<LedgerMemory>.Instance), _time), new SettlePace(), _time, new Random(1), NullLogger<Settlements>.Instance);
        await settlements.StartAsync(TestContext.Current.CancellationToken);
        settlements.Settle(Billed.One());
        await DrainedAsync(settlements);
        Assert.Single(Account("team-a").Booked);
    }

    [Fact]
    public async Task Backlogged_PastItsBound_SaysSoUntilAccountsAnswer()
    {
        var account = Account("team-a");
        account.Before = _ => throw new TimeoutException();
        using var settlements = await StartedAsync(_folder, pace: new SettlePace { BacklogBytes = 1000 });
        Assert.False(settlements.Backlogged);
        for (var count = 0; count < 10; count++)
        {
            settlements.Settle(Billed.One());
        }

        Assert.True(settlements.Backlogged);
        account.Before = _ => Task.CompletedTask;
        await DrainedAsync(settlements);
        Assert.False(settlements.Backlogged);
    }

    private static readonly Gen<Life> Lives = Gen.Select(Gen.OneOf("team-a", "team-b").List[0, 12], Gen.Int[0, 6]).Select((names, steps) => new Life(names, steps));

    private static readonly Gen<Story> Scenario = Gen.Select(Lives.List[1, 4], Gen.Double[0, 0.7], Gen.Double[0, 0.7], Gen.Int)
        .Select((lives, before, after, seed) => new Story(lives, before, after, seed));

    private static IEnumerable<HoldRefresh> InOrder(RefreshBatch batch, Guid first) => batch.Holds.OrderBy(hold => hold.Operation != first);

    private static bool Chance(Random random, double share)
    {
        lock (random)
        {
            return random.NextDouble() < share;
        }
    }

    /// <summary>Leaves what a kill -9 leaves. The dead instance is silenced; what it already sent stays sent.</summary>
    private static TemporaryFolder Killed(Settlements settlements, TemporaryFolder folder)
    {
        var left = folder.Snapshot();
        settlements.Dispose();
        folder.Dispose();
        return left;
    }

    /// <summary>Moves the clock by one round of refreshes and returns when it has begun.</summary>
    private async Task RoundAsync(Settlements settlements)
    {
        int Round()
        {
            var probe = new TestHold("probe");
            settlements.KeepHeld(probe);
            settlements.LetGo(probe);
            return probe.Round;
        }

        var before = Round();
        _time.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync(() => Round() > before, advance: false);
    }

    private TestAccount Account(string name) => _accounts.GetOrAdd(name, _ => new TestAccount());

    private ICallerBudgetGrain Grain(string name) => Forwarding.To<ICallerBudgetGrain>(Account(name));

    private async Task<Settlements> StartedAsync(
        TemporaryFolder folder, Func<string, TestAccount>? accounts = null, int segmentBytes = FileJournal.SegmentBytes, SettlePace? pace = null)
    {
        var settlements = new Settlements(
            () => FileJournal.Open(folder.Path, NullLogger.Instance, segmentBytes), accounts is null ? Grain : name => Forwarding.To<ICallerBudgetGrain>(accounts(name)), new AccountMemory(new LedgerMemory(null, NullLogger<LedgerMemory>.Instance), _time), pace ?? new SettlePace(), _time,
            new Random(1), NullLogger<Settlements>.Instance);
        await settlements.StartAsync(CancellationToken.None);
        return settlements;
    }

    private async Task DrainedAsync(Settlements settlements)
    {
        var drained = settlements.DrainAsync(CancellationToken.None);
        await UntilAsync(() => drained.IsCompleted);
        await drained;
    }

    /// <summary>Lets other threads run until it is so; moves the clock meanwhile where the wait is one for time.</summary>
    private async Task UntilAsync(Func<bool> so, bool advance = true)
    {
        for (var turns = 0; !so(); turns++)
        {
            Assert.True(turns < 200_000, "It never came to be.");
            if (advance && turns % 10 == 9)
            {
                _time.Advance(TimeSpan.FromMilliseconds(50));
            }

            await Task.Yield();
        }
    }

    private sealed record Life(List<string> Accounts, int Steps);

    private sealed record Story(List<Life> Lives, double FailBefore, double FailAfter, int Seed);
}
