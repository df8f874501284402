using System.Threading.Channels;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Hosting.Tests.Measurements;

/// <summary>
/// What a gateway is to accounts, as it is paced by <c>SettlePace</c>: reserves one by one, and settlements of each account in numbered batches of at most 500
/// that wait 10 ms for company, one batch in flight.
/// </summary>
internal sealed class PacedGateway(IGrainFactory grains, TimeProvider time)
{
    private const int LargestBatch = 500;
    private const decimal Held = 0.01m;
    private const decimal Billed = 0.004m;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    private readonly Guid _incarnation = Guid.NewGuid();
    private volatile TaskCompletionSource? _allSettled;
    private int _unsettled;

    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>USD that each pair leaves settled.</summary>
    public static decimal Each => Billed;

    /// <summary>Knows these accounts.</summary>
    public void Open(IEnumerable<string> accounts)
    {
        foreach (var name in accounts)
        {
            var account = new Account(grains.GetGrain<ICallerBudgetGrain>(name), name);
            _accounts.Add(name, account);
            _ = SettleAsync(account); // ends with the silo
        }
    }

    /// <summary>Reserves until granted and hands the settlement to the batches.</summary>
    public async Task PairAsync(string name)
    {
        var account = _accounts[name];
        var operation = Guid.NewGuid();
        while (true)
        {
            var answer = await account.Grain.ReserveAsync(new ReserveCommand
            {
                Operation = operation,
                Sequence = 1,
                NotAfter = time.GetUtcNow() + TimeSpan.FromSeconds(5),
                Attempt = 1,
                Provider = "p",
                TargetModel = "m",
                Amount = Held,
                InputAmount = 0.001m,
                Incarnation = account.Incarnation,
            });
            account.Incarnation = answer.Incarnation;
            if (answer.Outcome == ReserveOutcome.Granted)
            {
                break;
            }

            Assert.Equal(ReserveOutcome.Moved, answer.Outcome); // its first command
        }

        Interlocked.Increment(ref _unsettled);
        Assert.True(account.Left.Writer.TryWrite(new Settlement
        {
            Operation = operation,
            Account = name,
            Caller = name,
            BeganAt = time.GetUtcNow(),
            Held = true,
            Lines = [new() { Attempt = 1, Provider = "p", TargetModel = "m", PromptTokens = 100, CompletionTokens = 50, Cost = Billed, Succeeded = true }],
        }));
    }

    /// <summary>Returns when every settlement is acknowledged; for when nobody makes pairs.</summary>
    public Task SettledAsync()
    {
        var settled = _allSettled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Volatile.Read(ref _unsettled) == 0 ? Task.CompletedTask : settled.Task;
    }

    private async Task SettleAsync(Account account)
    {
        var number = 0L;
        while (await account.Left.Reader.WaitToReadAsync())
        {
            await Task.Delay(Linger, time);
            var batch = new List<Settlement>();
            while (batch.Count < LargestBatch && account.Left.Reader.TryRead(out var settlement))
            {
                batch.Add(settlement);
            }

            await account.Grain.SettleAsync(new SettleBatch(_incarnation, number += batch.Count, batch));
            if (Interlocked.Add(ref _unsettled, -batch.Count) == 0)
            {
                _allSettled?.TrySetResult();
            }
        }
    }

    private sealed record Account(ICallerBudgetGrain Grain, string Name)
    {
        public Channel<Settlement> Left { get; } = Channel.CreateUnbounded<Settlement>();

        public long Incarnation { get; set; }
    }
}
