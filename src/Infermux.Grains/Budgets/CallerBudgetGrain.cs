using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Infermux.Grains.Budgets;

/// <summary>
/// The shell around <see cref="Account"/>: time, store, configuration and the way to the ledger. Holds expire on a timer that runs while something is open,
/// and at every reserve; what a dead silo left open is woken by a reminder.
/// </summary>
// Reentrant, or group commit could not be: a command that waits for its write must not hold up the next one. Across an await everything may change; only
// GroupCommit keeps state, and it decides without an await in between.
[GrainType("infermux.caller-budget"), Reentrant]
internal sealed partial class CallerBudgetGrain : Grain, ICallerBudgetGrain, IRemindable
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);
    private const int MostTries = 3; // of one reserve against other activations

    private readonly INumberedConfiguration _configuration;
    private readonly ILedgerOutlet _ledger;
    private readonly ILedgerTrust _trust;
    private readonly TimeProvider _time;
    private readonly ILogger<CallerBudgetGrain> _logger;
    private readonly GroupCommit _commit;
    private readonly string _name;
    private (NumberedConfiguration Configuration, NumberedLimit Limit)? _said;
    private readonly IAccountWaker _waker;
    private Task? _woken; // null: nobody would wake this account
    private IGrainTimer? _timer;

    public CallerBudgetGrain(
        IGrainContext context,
        [FromKeyedServices(AccountStore.Provider)] IGrainStorage storage,
        INumberedConfiguration configuration,
        ILedgerOutlet ledger,
        ILedgerTrust trust,
        IStoreClock clock,
        IAccountWaker waker,
        IBudgetEvents events,
        TimeProvider time,
        ILogger<CallerBudgetGrain> logger)
    {
        (_configuration, _ledger, _trust, _waker, _time, _logger) = (configuration, ledger, trust, waker, time, logger);
        _name = context.GrainId.Key.ToString() ?? "";
        _commit = new(_name, new(storage, context.GrainId, time), trust, clock, events, time, logger);
    }

    /// <inheritdoc/>
    public async ValueTask<ReserveAnswer> ReserveAsync(ReserveCommand command) => (await ReserveAllAsync(new([command]))).Answers[0];

    /// <inheritdoc/>
    public async ValueTask<ReserveAnswers> ReserveAllAsync(ReserveBatch batch)
    {
        var requests = AccountWire.Requests(batch);
        try
        {
            var answers = await ReserveAsync(requests);
            await DoubtAsync(requests, answers);
            return AccountWire.Answers(answers, Stamp());
        }
        catch (AccountUnavailableException)
        {
            return AccountWire.Unavailable(requests.Length, _time.GetUtcNow()); // logged where it happened
        }
    }

    /// <summary>
    /// Decides again where another activation wrote in between, as while a lost silo's accounts move: the store refused the write, so it holds nothing of it, and
    /// it is not away. Read anew, the account says that it has moved to whoever knew it before, and its gateway asks again. Of two activations one is on its way out,
    /// so it ends by itself; a storm of them is as good as a store that is away.
    /// </summary>
    private async Task<HoldAnswer[]> ReserveAsync(HoldRequest[] requests)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await DecideAsync((account, limit, now) => Reserve(account, requests, limit, now));
            }
            catch (AccountUnavailableException overtaken) when (overtaken.InnerException is InconsistentStateException && tries < MostTries)
            {
                // Logged where it happened; the account is read again.
            }
        }
    }

    /// <summary>Passes on the first sign that the ledger was exchanged; after that it does not hold.</summary>
    private async Task DoubtAsync(HoldRequest[] requests, HoldAnswer[] answers)
    {
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i].Outcome is HoldOutcome.Doubted && _trust.Current is { Holds: true } trust && trust.IsContradictedBy(requests[i].Seen))
            {
                await _trust.DoubtAsync(requests[i].Seen!);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<VoidAnswer> VoidAsync(VoidCommand command)
    {
        var notAfter = command.NotAfter ?? DateTimeOffset.MaxValue;
        var outcome = await DecideAsync((account, _, now) => account.Void(command.Operation, command.Sequence, notAfter, now));
        return new(outcome is VoidOutcome.Late, Stamp());
    }

    /// <inheritdoc/>
    public async Task<AccountStamp> SettleAsync(SettleBatch batch)
    {
        var bills = AccountWire.Batch(batch);
        var answer = await DecideAsync((account, limit, now) => account.Settle(bills, now, limit));
        if (answer.Missing > 0)
        {
            BillsMissing(_logger, _name, answer.Missing, batch.Gateway);
        }

        if (answer.Stale > 0)
        {
            BillsStale(_logger, _name, answer.Stale, batch.Gateway);
        }

        return Stamp();
    }

    /// <inheritdoc/>
    public async Task<AccountStamp> RefreshAsync(RefreshBatch batch)
    {
        var signs = batch.Holds.Select(hold => new HoldSign(hold.Operation, hold.Actual)).ToList();
        await DecideAsync((account, _, now) => account.Refresh(signs, now));
        return Stamp();
    }

    /// <inheritdoc/>
    public async ValueTask<AccountView> GetAsync()
    {
        var account = await _commit.LoadedAsync();
        if (HasWork)
        {
            StartTimer(); // what an earlier activation left goes on, though nobody commands
        }

        var now = _time.GetUtcNow();
        return AccountWire.View(_name, _commit.Guarded(account, now).Figures(now, account.FileLimit(Said())));
    }

    /// <inheritdoc/>
    public async ValueTask<AccountView> OverrideLimitAsync(LimitOverride? limit)
    {
        await DecideAsync((account, configured, now) => account.OverrideLimit(AccountWire.Limit(limit), now, configured));
        return await GetAsync();
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Only an acknowledged outbox batch can be unwritten here; lost, it is sent again and known by its number.
        await _commit.FlushAsync().WaitAsync(cancellationToken);
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <summary>Wakes up with what a dead silo left open; without anything open, asks not to be woken again.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        try
        {
            await _commit.LoadedAsync();
        }
        catch (AccountUnavailableException)
        {
            return; // logged where it happened; in a minute again
        }

        if (HasWork)
        {
            _woken ??= Task.CompletedTask;
            StartTimer();
            return;
        }

        _woken = null; // before it is dropped: a command that comes meanwhile asks for it anew, and the older row's removal fails
        try
        {
            await _waker.DropAsync(this.GetGrainId());
        }
        catch (Exception failure)
        {
            NotDropped(_logger, failure, _name); // it wakes once more
        }
    }

    private bool HasWork => _commit.Current is { } account && !(account.Open.IsEmpty && account.Outbox.IsEmpty);

    private async Task<T> DecideAsync<T>(Func<Account, BudgetLimit?, DateTimeOffset, Transition<T>> decide)
    {
        var answer = await _commit.DecideAsync((account, now) =>
        {
            // On the turn of the decision: while the account was being read, a tick may have found nothing to do and ended the timer.
            StartTimer();
            return account.Under(Said(), (heard, limit) => decide(heard, limit, now));
        });
        if (HasWork)
        {
            await (_woken ??= WakeLaterAsync());
        }

        return answer;
    }

    /// <summary>Before the first answer that leaves work behind; once until a reminder finds nothing to do.</summary>
    private async Task WakeLaterAsync()
    {
        await Task.Yield(); // never completes before it is assigned to the field that it clears
        try
        {
            await _waker.EnsureAsync(this.GetGrainId());
        }
        catch (Exception failure)
        {
            _woken = null;
            NotWoken(_logger, failure, _name); // the work is stored and goes on; the next command tries again
        }
    }

    private Transition<HoldAnswer[]> Reserve(Account account, HoldRequest[] requests, BudgetLimit? limit, DateTimeOffset now)
    {
        var (next, answers, alerts) = (account, new HoldAnswer[requests.Length], (IReadOnlyList<BudgetAlert>)[]);
        for (var i = 0; i < requests.Length; i++)
        {
            var reserved = next.Reserve(requests[i], now, limit, _trust.Current);
            if (reserved.Next.SetBackUnder != next.SetBackUnder)
            {
                SetBack(_logger, _name, next.Version, requests[i].Seen!.Version);
            }

            (next, answers[i]) = (reserved.Next, reserved.Answer);
            alerts = reserved.Alerts.Count == 0 ? alerts : [.. alerts, .. reserved.Alerts];
        }

        return new(next, answers, alerts);
    }

    // A ledger in doubt is nothing to remember.
    private AccountStamp Stamp() => new(
        _time.GetUtcNow(),
        _commit.Current?.Incarnation ?? 0,
        _commit.Durable is { } durable && _trust.Current is { Holds: true } trust && !durable.IsSetBack(trust) ? LedgerSeen.From(trust.Mark(durable.Version)) : null);

    private void StartTimer() => _timer ??= this.RegisterGrainTimer(TickAsync, TickPeriod, TickPeriod);

    /// <summary>What this process's file says, found once for each configuration.</summary>
    private NumberedLimit Said()
    {
        var configuration = _configuration.Current;
        if (_said is not { } known || !ReferenceEquals(known.Configuration, configuration))
        {
            _said = known = (configuration, new(configuration.Number, BudgetLimits.Resolve(configuration.Snapshot.Options.Budgets, _name)));
        }

        return known.Limit;
    }

    /// <summary>Expires holds and feeds the ledger, once a second while there is something to do.</summary>
    private async Task TickAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _commit.DecideAsync((account, now) => account.Under(Said(), (heard, limit) => heard.Expire(now, limit)));
            await SendOutboxAsync();
            if (_commit.Current is { Outbox.CanSeal: true })
            {
                await _commit.DecideAsync((account, _) => new Transition<bool>(account.SealOutbox(), true, []));
            }
        }
        catch (AccountUnavailableException)
        {
            return; // logged where it happened; the next tick reads again
        }

        if (_commit.Current is not null && !HasWork)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private async Task SendOutboxAsync()
    {
        // Sealed batches are sent only once they are stored: a number must never come to stand for other rows.
        foreach (var batch in _commit.Durable?.Outbox.Sealed.Values ?? [])
        {
            if (_commit.Current is not { } current || current.Outbox.Sealed.GetValueOrDefault(batch.Day)?.Number != batch.Number)
            {
                continue;
            }

            try
            {
                await _ledger.BookAsync(_name, batch);
            }
            catch (Exception failure)
            {
                LedgerFailed(_logger, failure, _name, batch.Number, batch.Day);
                continue; // it stays in the outbox for the next second
            }

            _commit.Adopt(account => account.AcknowledgeOutbox(batch.Day, batch.Number));
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Account {Account} is at version {Version} and a gateway has seen {Seen}: the store was set back to an older copy. "
        + "Its hard budget is refused until 'infermux state adopt'")]
    private static partial void SetBack(ILogger logger, string account, long version, long seen);

    [LoggerMessage(Level = LogLevel.Error, Message = "Account {Account} lacks {Missing} bills that it had acknowledged to gateway {Gateway}: was the store set back?")]
    private static partial void BillsMissing(ILogger logger, string account, long missing, Guid gateway);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: {Stale} bills of gateway {Gateway} came more than a day after their holds expired; what expiry charged stands")]
    private static partial void BillsStale(ILogger logger, string account, int stale, Guid gateway);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: no reminder could be set; if its silo dies now, its holds stay until somebody asks for it")]
    private static partial void NotWoken(ILogger logger, Exception failure, string account);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Account {Account}: its reminder was not taken back")]
    private static partial void NotDropped(ILogger logger, Exception failure, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account}: the ledger did not take batch {Number} of {Day}; trying again in a second")]
    private static partial void LedgerFailed(ILogger logger, Exception failure, string account, long number, DateOnly day);
}
