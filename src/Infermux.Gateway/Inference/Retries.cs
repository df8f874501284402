using Infermux.Core.Configuration;
using Infermux.Core.Limits;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Inference;

/// <summary>
/// Whether one request may make a further attempt: within <c>max_attempts</c>, the deadline and the group's retry budget. An extra attempt takes a token
/// when it is decided on and gives it back at first content, so a dead primary never starves failover while an outage of everything stays at 1.2 ×.
/// </summary>
internal sealed class Retries(Exchange exchange, RetryBudgets budgets, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();
    private readonly FailoverOptions _options = exchange.Configuration.Options.Routing.Failover;
    private RetryBudget? _budget;
    private bool _overDeadline;
    private int _failed;
    private int _taken;

    /// <summary>What the deadline leaves to an attempt that begins now; null where there is no deadline.</summary>
    public TimeSpan? Left => _options.Deadline is { } deadline ? deadline - time.GetElapsedTime(_startedAt) : null;

    /// <summary>The deadline is what kept this request from a further attempt.</summary>
    public bool EndedByDeadline => _overDeadline;

    /// <summary>An attempt ran until the deadline: timers may fire a moment before it, which must leave no time for another.</summary>
    public void MetDeadline() => _overDeadline = true;

    public void Dispatching(Selection selection)
    {
        if (_budget is null)
        {
            _budget = budgets.For(selection.Group, _options.RetryBudget);
            _budget.Requested(time.GetUtcNow());
        }
    }

    public bool MayTryAgain()
    {
        _failed++;
        _overDeadline |= Left <= TimeSpan.Zero;
        if (_overDeadline || _failed >= _options.MaxAttempts || !_budget!.TryTake())
        {
            return false;
        }

        _taken++;
        return true;
    }

    /// <summary>First content arrived.</summary>
    public void Answered()
    {
        for (; _taken > 0; _taken--)
        {
            _budget!.GiveBack();
        }
    }
}
