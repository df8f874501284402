using Infermux.Core.Costs;
using Infermux.Grains.Contracts.Ledger;
using Orleans.Concurrency;

namespace Infermux.Grains.Ledger;

/// <summary>
/// Group commit over a <see cref="CostBook"/>. Reentrant: while a write is in flight further batches are booked in memory and share the next write. A failed
/// write has an unknown outcome, so memory is dropped and read again before the next decision.
/// </summary>
[GrainType("infermux.ledger"), Reentrant]
internal sealed class LedgerGrain : Grain, ILedgerGrain
{
    private readonly ILedgerStore _store;
    private readonly GroupCommit _commit;
    private CostChange _unwritten = new();
    private CostBook? _book; // null: to be read
    private Task? _loading;
    private LedgerDay _day;
    private long _version;

    public LedgerGrain(ILedgerStore store) => (_store, _commit) = (store, new GroupCommit(WriteAsync));

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _day = LedgerDay.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task BookAsync(LedgerBatch batch)
    {
        // Not a method that returns the book: a failed write may drop it before its caller goes on.
        while (_book is null)
        {
            await LoadAsync();
        }

        // A repeat waits like the first one: what it repeats may be booked and not written yet.
        _book.Book(batch.Account, batch.Number, batch.Rows.Select(row => row.ToCostRow()), _unwritten);
        await _commit.CommitAsync();
    }

    public async ValueTask<IReadOnlyList<LedgerRow>> ReadAsync()
    {
        while (_book is null)
        {
            await LoadAsync();
        }

        return [.. _book.Hours.Select(row => LedgerRow.From(row.Key, row.Sums))];
    }

    public async ValueTask<IReadOnlyList<LedgerRow>> SumAsync(LedgerQuery query)
    {
        while (_book is null)
        {
            await LoadAsync();
        }

        return LedgerSums.Of(_book.Hours, query);
    }

    // Asked for by whether it is over, not by null: a store that answers at once is done before the field is set.
    private Task LoadAsync() => _loading is { IsCompleted: false } ? _loading : _loading = ReadAgainAsync();

    private async Task ReadAgainAsync() => (_version, _book) = await _store.LoadAsync(_day);

    private async Task WriteAsync()
    {
        if (_unwritten.IsEmpty)
        {
            return;
        }

        var change = _unwritten;
        _unwritten = new CostChange();
        try
        {
            await _store.WriteAsync(_day, _version, change);
            _version++;
        }
        catch
        {
            _unwritten = new CostChange();
            _book = null;
            throw;
        }
    }
}
