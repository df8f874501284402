using System.Collections.Concurrent;

namespace Infermux.Core.Routing;

/// <summary>
/// Which account a caller is charged to: the account of its name, or one for all once more names turned up than <c>budgets.max_callers</c>. An account of
/// its own is never taken from a name while the process runs. Thread-safe.
/// </summary>
public sealed class CallerAccounts
{
    /// <summary>The account that names beyond the limit share.</summary>
    public const string Overflow = "*overflow";

    private readonly ConcurrentDictionary<string, string> _accounts = new(StringComparer.Ordinal);
    private readonly Lock _counting = new();
    private int _own;

    /// <summary>The account of a caller. Callers that <c>budgets</c> names neither count nor overflow.</summary>
    public string Of(string caller, BudgetRules rules)
    {
        if (_accounts.TryGetValue(caller, out var account))
        {
            return account;
        }

        if (rules.Names(caller))
        {
            return caller;
        }

        lock (_counting)
        {
            if (_accounts.TryGetValue(caller, out account))
            {
                return account;
            }

            // Who overflows is not written down, or the list would grow without end: such a name gets an account only if max_callers is raised.
            return _own >= rules.MaxCallers ? Overflow : Assign(caller);
        }
    }

    private string Assign(string caller)
    {
        _own++;
        return _accounts[caller] = caller;
    }
}
