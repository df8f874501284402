using Infermux.Core.Costs;

namespace Infermux.Grains.Ledger;

/// <summary>One day in a <see cref="MemoryLedgerStore"/>.</summary>
internal sealed class MemoryLedgerDay
{
    private readonly Lock _gate = new();
    private readonly CostChange _written = new();
    private long _version;

    public LedgerState Load()
    {
        lock (_gate)
        {
            var book = new CostBook();
            foreach (var (key, sums) in _written.Hours)
            {
                book.RestoreHour(new CostRow(key, sums));
            }

            foreach (var (key, sums) in _written.Days)
            {
                book.RestoreDay(new CostRow(key, sums));
            }

            foreach (var (account, number) in _written.Numbers)
            {
                book.RestoreNumber(account, number);
            }

            return new LedgerState(_version, book);
        }
    }

    public IReadOnlyList<CostRow> Days()
    {
        lock (_gate)
        {
            return [.. _written.Days.Select(row => new CostRow(row.Key, row.Value))];
        }
    }

    public void Write(long version, CostChange change)
    {
        lock (_gate)
        {
            if (version != _version)
            {
                throw new LedgerConflictException($"The day is at version {_version}, not {version}.");
            }

            _version++;
            Copy(change.Hours, _written.Hours);
            Copy(change.Days, _written.Days);
            Copy(change.Numbers, _written.Numbers);
        }
    }

    private static void Copy<TKey, TValue>(IDictionary<TKey, TValue> from, IDictionary<TKey, TValue> to)
    {
        foreach (var (key, value) in from)
        {
            to[key] = value;
        }
    }
}
