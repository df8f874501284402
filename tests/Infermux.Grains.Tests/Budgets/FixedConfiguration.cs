using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>A configuration that the test swaps.</summary>
internal sealed class FixedConfiguration(params BudgetOptions[] budgets) : ICurrentConfiguration, IDisposable
{
    public ConfigurationSnapshot Current { get; private set; } = Snapshot(budgets);

    public IDisposable OnChange(Action<ConfigurationSnapshot> changed) => this;

    public void Set(params BudgetOptions[] next) => Current = Snapshot(next);

    public void Dispose()
    {
    }

    public static ConfigurationSnapshot Snapshot(BudgetOptions[] budgets) =>
        new(new InfermuxOptions { Budgets = new() { Callers = budgets } }, PriceTable.Empty, "test");
}
