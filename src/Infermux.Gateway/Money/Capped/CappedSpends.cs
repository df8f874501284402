using Infermux.Core.Budgets;
using Infermux.Core.Configuration;

namespace Infermux.Gateway.Money.Capped;

/// <summary>
/// What this gateway may still spend, and has spent, for accounts that it cannot reach under <c>on_unavailable: capped</c>. Every attempt is in the file before
/// it goes out; one that cannot be written is refused. Thread-safe.
/// </summary>
/// <param name="file">Null: kept in memory only, as everything else with <c>cluster.store: memory</c>.</param>
/// <param name="gateways">Gateways last seen, this one included.</param>
/// <param name="time">Says which period it is.</param>
/// <param name="logger">Hears when a cap is begun, and when it is used up.</param>
internal sealed partial class CappedSpends(Func<CappedFile?> file, Func<int> gateways, TimeProvider time, ILogger<CappedSpends> logger)
    : IHostedService, IDisposable
{
    private const long RewriteAt = 1 << 20;

    private readonly Lock _gate = new();
    private Dictionary<string, CappedSpend> _spent = new(StringComparer.Ordinal);
    private CappedFile? _file;

    /// <summary>Reads what earlier starts spent, and makes the file short.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if ((_file = file()) is not null)
            {
                _spent = _file.Read();
                RewriteIfAny();
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>USD that may still be spent for the account.</summary>
    public decimal Left(string account, BudgetOptions budget)
    {
        lock (_gate)
        {
            return Of(account, budget).Left(Cap(budget));
        }
    }

    /// <summary>Takes what an attempt can cost at most; false where the cap does not have it, or it cannot be written down.</summary>
    public bool TryTake(string account, BudgetOptions budget, CappedAttempt attempt, decimal amount)
    {
        lock (_gate)
        {
            var (before, cap) = (Of(account, budget), Cap(budget));
            if (before.Take(attempt, amount, cap) is not { } after)
            {
                LogUsedUp(account, amount, cap);
                return false;
            }

            if (!TryKeep(new CappedRecord(account, after.Period.Kind, after.Period.Start, amount, attempt.Operation, attempt.Attempt)))
            {
                return false;
            }

            if (before.Total == 0m)
            {
                LogBegun(account, cap);
            }

            _spent[account] = after;
            return true;
        }
    }

    /// <summary>Replaces what an operation's attempts took by what they were billed.</summary>
    public void Settle(string account, Guid operation, decimal billed)
    {
        lock (_gate)
        {
            if (!_spent.TryGetValue(account, out var before) || ReferenceEquals(before.Settle(operation, billed), before))
            {
                return;
            }

            _spent[account] = before.Settle(operation, billed);
            TryKeep(new CappedRecord(account, before.Period.Kind, before.Period.Start, billed, operation)); // unwritten: it counts in full after a restart
            if (_file?.Length > RewriteAt)
            {
                RewriteIfAny();
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private decimal Cap(BudgetOptions budget) => CappedSpend.Cap(budget.LimitUsd, gateways());

    private CappedSpend Of(string account, BudgetOptions budget)
    {
        var period = PeriodKey.Of(budget.Period, time.GetUtcNow());
        return _spent.TryGetValue(account, out var spent) ? spent.In(period) : CappedSpend.None(period);
    }

    private bool TryKeep(CappedRecord record)
    {
        try
        {
            _file?.Append(record);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogNotKept(refused, record.Account);
            return false;
        }
    }

    private void RewriteIfAny()
    {
        if (_spent.Count == 0)
        {
            return;
        }

        try
        {
            _file!.Rewrite(_spent);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogNotShortened(refused); // what is there stays, and goes on
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account} cannot be reached: on_unavailable is capped, so this gateway spends up to {Cap} USD "
        + "for it in this period")]
    private partial void LogBegun(string account, decimal cap);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Account {Account} cannot be reached, and {Amount} USD more would pass this gateway's cap of {Cap}")]
    private partial void LogUsedUp(string account, decimal amount, decimal cap);

    [LoggerMessage(Level = LogLevel.Error, Message = "What account {Account} spends without being reached cannot be written under cluster.data_dir, so it is "
        + "refused. Make room, or make it writable")]
    private partial void LogNotKept(Exception refused, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of capped spending cannot be rewritten; it grows until it can. Make room in data_dir")]
    private partial void LogNotShortened(Exception refused);
}
