namespace Infermux.Core.Budgets;

/// <summary>
/// Adds up what the bills of one batch charge, so that the sums of a day and a cost row change once for neighbours that share them, and not once per bill.
/// </summary>
internal struct ChargeTally
{
    private DateTimeOffset _moment;
    private SumsChange _change;
    private CostRow _row;
    private bool _hasChange;
    private bool _hasRow;

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
    public void Book(ref Account account, in CostRow row)
    {
        if (_hasRow && row.Key == _row.Key)
        {
            _row = new(_row.Key, _row.Sums + row.Sums);
            return;
        }

        FlushRow(ref account);
        (_row, _hasRow) = (row, true);
    }

    /// <summary>The account with everything in it.</summary>
    public Account Into(Account account)
    {
        FlushSums(ref account);
        FlushRow(ref account);
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

    private void FlushRow(ref Account account)
    {
        if (_hasRow)
        {
            account = account with { Outbox = account.Outbox.Add(_row) };
            _hasRow = false;
        }
    }
}
