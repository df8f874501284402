namespace Infermux.Core.Budgets;

/// <summary>
/// Adds up what the bills of one batch charge, so that the sums of a day and each cost row change once for all bills that share them, and not once per bill.
/// </summary>
internal struct ChargeTally()
{
    /// <summary>Rows looked through before they are passed on. A caller has a few providers and models, rarely more at a time.</summary>
    private const int MostRows = 16;

    private readonly List<CostRow> _rows = new(1);
    private DateTimeOffset _moment;
    private SumsChange _change;
    private bool _hasChange;

    /// <summary>Adds to the sums of the periods that contain a moment.</summary>
    public void Sum(ref Account account, DateTimeOffset moment, in SumsChange change)
    {
        if (_hasChange && moment.UtcDateTime.Date == _moment.UtcDateTime.Date)
        {
            _change += change;
            return;
        }

        FlushSums(ref account);
        (_moment, _change, _hasChange) = (moment, change, true);
    }

    /// <summary>Adds to a cost row.</summary>
    public readonly void Book(ref Account account, in CostRow row)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].Key == row.Key)
            {
                _rows[i] = new(row.Key, _rows[i].Sums + row.Sums);
                return;
            }
        }

        if (_rows.Count == MostRows)
        {
            FlushRows(ref account);
        }

        _rows.Add(row);
    }

    /// <summary>The account with everything in it.</summary>
    public Account Into(Account account)
    {
        FlushSums(ref account);
        FlushRows(ref account);
        return account;
    }

    private void FlushSums(ref Account account)
    {
        if (_hasChange)
        {
            account = account.Sum(_moment, _change);
            _hasChange = false;
        }
    }

    private readonly void FlushRows(ref Account account)
    {
        var outbox = account.Outbox;
        foreach (var row in _rows)
        {
            outbox = outbox.Add(row);
        }

        account = account with { Outbox = outbox };
        _rows.Clear();
    }
}
