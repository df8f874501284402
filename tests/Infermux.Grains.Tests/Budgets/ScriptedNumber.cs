using Infermux.Core.Configuration;
using Infermux.Grains.Budgets;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>Counts the configurations of its process, until the test says which one it runs on and what its number is.</summary>
internal sealed class ScriptedNumber(ICurrentConfiguration configuration) : INumberedConfiguration
{
    private readonly CountedConfiguration _counted = new(configuration);
    private NumberedConfiguration? _set;

    public NumberedConfiguration Current => _set ?? _counted.Current;

    public void Set(long number, params BudgetOptions[] budgets) => _set = new(FixedConfiguration.Snapshot(budgets), number);
}
