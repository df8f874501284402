using System.Collections.Concurrent;
using Infermux.Core.Budgets;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Grains.Tests.Budgets;

internal sealed class RecordingEvents : IBudgetEvents
{
    public ConcurrentQueue<BudgetAlert> Alerts { get; } = new();

    public void Alert(BudgetAlert alert) => Alerts.Enqueue(alert);
}
