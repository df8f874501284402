using Infermux.Core.Budgets;
using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Budgets;

/// <summary>
/// Decides on an account and answers once the decision is stored. One write is in flight; what is decided meanwhile, on top of what is not stored yet, goes
/// into the next. When a write fails or its outcome is unknown, everyone who waits learns that the store is unavailable, and the account is read again
/// before the next decision: the write may have happened. All of it runs on the grain's turns, and who waits for a write goes on within the turn that ends it.
/// </summary>
internal sealed partial class GroupCommit(
    string name, AccountStore store, ILedgerTrust ledger, IStoreClock clock, IBudgetEvents events, TimeProvider time, ILogger logger)
{
    private List<BudgetAlert> _alerts = [];
    private Account? _current; // null: to be read before the next decision
    private Account? _durable;
    private Task? _loading;
    private Task _flushing = Task.CompletedTask;
    private TaskCompletionSource? _next; // who waits for the next write
    private TaskCompletionSource? _inFlight;
    private bool _dirty;
    private bool _writing;

    /// <summary>The account with what is not stored yet; null while it is unknown.</summary>
    public Account? Current => _current;

    /// <summary>The account as last stored; null while it is unknown.</summary>
    public Account? Durable => _durable;

    /// <summary>Decides, and returns the answer when the decision is durable.</summary>
    /// <exception cref="AccountUnavailableException">The store did not take it; it may have happened.</exception>
    public async Task<T> DecideAsync<T>(Func<Account, DateTimeOffset, Transition<T>> decide)
    {
        var account = await LoadedAsync();
        while (!ReferenceEquals(account, _current))
        {
            account = await LoadedAsync(); // another turn came between
        }

        var now = time.GetUtcNow();
        var guarded = Guarded(account, now);
        var decided = decide(guarded, now);
        if (!ReferenceEquals(decided.Next, guarded))
        {
            _current = decided.Next;
            _alerts.AddRange(decided.Alerts);
            _dirty = true;
        }

        await DurableAsync();
        return decided.Answer;
    }

    /// <summary>The account under the store's clock: this silo's may be wrong.</summary>
    public Account Guarded(Account account, DateTimeOffset now)
    {
        var ceiling = clock.Now + IStoreClock.Tolerance is { } latest && now > latest ? latest : DateTimeOffset.MaxValue;
        return account.Ceiling == ceiling ? account : account with { Ceiling = ceiling };
    }

    /// <summary>Takes over a change that needs no write of its own: losing it does no harm.</summary>
    public void Adopt(Func<Account, Account> change) => _current = _current is null ? null : change(_current);

    /// <summary>The account, read if it has to be.</summary>
    /// <exception cref="AccountUnavailableException">It cannot be read.</exception>
    public async ValueTask<Account> LoadedAsync()
    {
        while (_current is null)
        {
            await (_loading ??= LoadAsync());
        }

        return _current;
    }

    /// <summary>Stores what was adopted, if anything.</summary>
    public async Task FlushAsync()
    {
        _dirty |= _current is not null && !ReferenceEquals(_current, _durable);
        await DurableAsync();
    }

    /// <summary>Completes when everything decided until now is stored.</summary>
    private Task DurableAsync()
    {
        if (!_dirty)
        {
            return _writing ? (_inFlight ??= new()).Task : Task.CompletedTask;
        }

        _next ??= new();
        if (_flushing.IsCompleted)
        {
            _flushing = WriteAllAsync();
        }

        return _next.Task;
    }

    private async Task WriteAllAsync()
    {
        await Task.Yield(); // commands that are already here join the write
        while (_dirty && _current is not null)
        {
            if (!await WriteAsync(_current = _current.Written()))
            {
                return;
            }
        }
    }

    private async Task<bool> WriteAsync(Account snapshot)
    {
        var alerts = _alerts;
        (_inFlight, _next, _alerts, _dirty, _writing) = (_next, null, [], false, true);
        try
        {
            var first = !store.Exists;
            await store.WriteAsync(AccountRecords.Of(snapshot));
            if (first)
            {
                await StillHoldsAsync(); // no ETag tells a store that was emptied from one that never knew the account
            }
        }
        catch (Exception failure)
        {
            WriteFailed(logger, failure, name);
            Forget(new AccountUnavailableException($"The account '{name}' could not be stored: {failure.Message}", failure));
            return false;
        }

        (_durable, _writing) = (snapshot, false);
        alerts.ForEach(Publish); // before the answer: whoever has it finds the alert
        _inFlight?.SetResult();
        return true;
    }

    private async Task StillHoldsAsync()
    {
        var held = ledger.Current.Holds;
        var now = await ledger.ConfirmAsync().WaitAsync(AccountStore.Deadline, time);
        if (held && now.Doubt is { } doubt)
        {
            throw new InvalidOperationException($"What was decided rests on another ledger: {doubt}."); // decided again, on what is known now
        }
    }

    private void Forget(AccountUnavailableException failure)
    {
        var (inFlight, next) = (_inFlight, _next);
        (_current, _durable, _inFlight, _next, _alerts, _dirty, _writing) = (null, null, null, null, [], false, false);
        inFlight?.SetException(failure);
        next?.SetException(failure);
    }

    private async Task LoadAsync()
    {
        await Task.Yield(); // never completes before it is assigned to the field that it clears
        try
        {
            var record = await store.ReadAsync();
            await ledger.ConfirmAsync().WaitAsync(AccountStore.Deadline, time); // after it was read: a store that came back as another one is known by then
            var now = time.GetUtcNow();
            var stored = record is null ? Guarded(new Account { Name = name }, now).Begun(now) : AccountRecords.Read(record);
            _current = _durable = stored.Resume(now, Random.Shared.NextInt64(1, long.MaxValue)); // later deadlines need no write of their own
        }
        catch (Exception failure)
        {
            ReadFailed(logger, failure, name);
            throw new AccountUnavailableException($"The account '{name}' could not be read: {failure.Message}", failure);
        }
        finally
        {
            _loading = null;
        }
    }

    private void Publish(BudgetAlert alert)
    {
        Alerted(logger, alert.Account, alert.Share, alert.Settled, alert.LimitUsd);
        try
        {
            events.Alert(alert);
        }
        catch (Exception failure)
        {
            AlertFailed(logger, failure, alert.Account); // a subscriber's fault is not the account's
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: write failed, outcome unknown; reading again before the next decision")]
    private static partial void WriteFailed(ILogger logger, Exception failure, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: read failed")]
    private static partial void ReadFailed(ILogger logger, Exception failure, string account);

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account} has reached {Share} of its limit: {Settled} of {LimitUsd} USD")]
    private static partial void Alerted(ILogger logger, string account, decimal share, decimal settled, decimal limitUsd);

    [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account}: a subscriber failed on an alert")]
    private static partial void AlertFailed(ILogger logger, Exception failure, string account);
}
