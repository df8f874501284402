using Infermux.Core.Budgets;

namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>
/// Group commit with a store whose outcomes the scheduler picks: commands are decided on what is not yet stored, answered once it is, and forgotten when it
/// was lost.
/// </summary>
internal sealed class SimShell(Account account)
{
    private List<Action> _waiting = [];
    private List<Action> _writing = [];
    private List<BudgetAlert> _alerts = [];
    private List<BudgetAlert> _alertsWriting = [];
    private Account? _snapshot;

    public Account Current { get; private set; } = account;

    public Account Durable { get; private set; } = account;

    public List<BudgetAlert> Published { get; } = [];

    public bool Writing => _snapshot is not null;

    public bool Idle => !Writing && _waiting.Count == 0 && ReferenceEquals(Current, Durable);

    public void Accept<T>(Transition<T> transition, Action<T> reply)
    {
        Current = transition.Next;
        _alerts.AddRange(transition.Alerts);
        _waiting.Add(() => reply(transition.Answer));
    }

    public void Adopt(Account next) => Current = next;

    public void Begin()
    {
        _snapshot = Current = Current.SealOutbox();
        (_writing, _waiting) = (_waiting, []);
        (_alertsWriting, _alerts) = (_alerts, []);
    }

    public void Written()
    {
        Durable = _snapshot!;
        _snapshot = null;
        Published.AddRange(_alertsWriting);
        foreach (var answer in _writing)
        {
            answer();
        }

        _writing = [];
    }

    /// <summary>The write failed, or the process died: whoever waits learns nothing.</summary>
    public void Lose(bool applied, DateTimeOffset now, long incarnation)
    {
        Durable = applied && _snapshot is not null ? _snapshot : Durable;
        _snapshot = null;
        (_writing, _waiting, _alerts, _alertsWriting) = ([], [], [], []);
        Current = Durable.Resume(now, incarnation);
    }
}
