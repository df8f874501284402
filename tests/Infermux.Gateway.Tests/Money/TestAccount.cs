using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Tests.Money;

/// <summary>
/// An account that keeps the contract of <see cref="SettleBatch"/> to the letter: it applies settlements above the last number of their gateway, once. It
/// can be told to fail before or after it applied.
/// </summary>
internal sealed class TestAccount
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, long> _last = [];

    /// <summary>What was applied, in order.</summary>
    public List<Settlement> Booked { get; } = [];

    /// <summary>Every batch that arrived, repeats included.</summary>
    public List<SettleBatch> Arrived { get; } = [];

    public List<VoidCommand> Voids { get; } = [];

    public List<RefreshBatch> Refreshes { get; } = [];

    /// <summary>Called before a batch is applied, with the count of batches that came before.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called after it was applied.</summary>
    public Func<int, Task> After { get; set; } = _ => Task.CompletedTask;

    /// <summary>Its silo's clock; null: no void is late.</summary>
    public Func<DateTimeOffset>? Clock { get; set; }

    private AccountStamp Stamp => new(Clock?.Invoke() ?? DateTimeOffset.UnixEpoch, Incarnation: 1);

    public int MostInFlight { get; private set; }

    private int InFlight { get; set; }

    public async Task<AccountStamp> SettleAsync(SettleBatch batch)
    {
        int index;
        lock (_gate)
        {
            index = Arrived.Count;
            Arrived.Add(batch);
            MostInFlight = Math.Max(MostInFlight, ++InFlight);
        }

        try
        {
            await Before(index);
            Apply(batch);
            await After(index);
            return Stamp;
        }
        finally
        {
            lock (_gate)
            {
                InFlight--;
            }
        }
    }

    public async Task<VoidAnswer> VoidAsync(VoidCommand command)
    {
        int index;
        lock (_gate)
        {
            index = Voids.Count;
            Voids.Add(command);
        }

        await Before(index);
        return new VoidAnswer(IsLate(command), Stamp);
    }

    public Task<AccountStamp> RefreshAsync(RefreshBatch batch)
    {
        lock (_gate)
        {
            Refreshes.Add(batch);
        }

        return Task.FromResult(Stamp);
    }

    private bool IsLate(VoidCommand command) => Clock is { } clock && clock() > command.NotAfter;

    private void Apply(SettleBatch batch)
    {
        lock (_gate)
        {
            var applied = _last.GetValueOrDefault(batch.Gateway);
            var number = batch.Number - batch.Settlements.Count;
            foreach (var settlement in batch.Settlements)
            {
                if (++number > applied)
                {
                    Booked.Add(settlement);
                }
            }

            _last[batch.Gateway] = Math.Max(applied, batch.Number);
        }
    }
}
