using System.Collections.Concurrent;
using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Routing;

/// <summary>
/// Which accounts have a limit set through the management API that acts although the file gives them none. The hot path cannot ask: it reads what this
/// process last heard, and an account in use is asked in the background every 30 s. So a new limit acts here at once where <see cref="Mark"/> was called,
/// and within 30 s elsewhere. An account that answers "not needed" is taken off. Bounded by the accounts that gateways give out (<see cref="CallerAccounts"/>).
/// </summary>
public sealed partial class ActingAccounts(IGrainFactory grains, TimeProvider time, ILogger<ActingAccounts> logger)
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Entry> _known = new(StringComparer.Ordinal);

    /// <summary>Says what a limit set in this process does; null: it was deleted.</summary>
    public void Mark(string account, BudgetAction? action) => Known(account).Set(action, time);

    internal void NotNeeded(string account) => Known(account).Set(null, time);

    /// <summary>The action of the account's own limit as last heard, null where none is known. Never waits.</summary>
    public BudgetAction? Find(string account)
    {
        var entry = Known(account);
        if (entry.IsDue(time))
        {
            _ = AskAsync(account, entry);
        }

        return entry.Action;
    }

    private Entry Known(string account) => _known.TryGetValue(account, out var entry) ? entry : _known.GetOrAdd(account, static _ => new Entry());

    private async Task AskAsync(string account, Entry entry)
    {
        var before = entry.Sets;
        try
        {
            entry.SetUnlessSetSince(before, (await grains.GetGrain<ICallerBudgetGrain>(account).GetAsync()).Action);
        }
        catch (Exception exception)
        {
            LogUnanswered(exception, account); // what was last heard stands until the next question
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Account {Account} did not say whether its limit acts")]
    private partial void LogUnanswered(Exception exception, string account);

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private BudgetAction? _action;
        private long _askedAt;
        private bool _asked;

        public BudgetAction? Action
        {
            get
            {
                lock (_lock)
                {
                    return _action;
                }
            }
        }

        /// <summary>How often it was set by somebody who knows better than a question that is under way.</summary>
        public int Sets { get; private set; }

        public void Set(BudgetAction? action, TimeProvider time)
        {
            lock (_lock)
            {
                (_action, _asked, _askedAt, Sets) = (action, true, time.GetTimestamp(), Sets + 1);
            }
        }

        public void SetUnlessSetSince(int sets, BudgetAction? action)
        {
            lock (_lock)
            {
                _action = Sets == sets ? action : _action;
            }
        }

        /// <summary>True once per interval, for one caller.</summary>
        public bool IsDue(TimeProvider time)
        {
            lock (_lock)
            {
                if (_asked && time.GetElapsedTime(_askedAt) < Recheck)
                {
                    return false;
                }

                (_asked, _askedAt) = (true, time.GetTimestamp());
                return true;
            }
        }
    }
}
