namespace Infermux.Core.Configuration;

/// <summary>Values of <c>budgets[].action</c>.</summary>
public enum BudgetAction
{
    /// <summary>429 before any provider is called.</summary>
    HardStop,

    /// <summary>The request goes on; one event is sent.</summary>
    Alert,

    /// <summary>The request is rewritten to <c>model_override</c>.</summary>
    ModelOverride,
}
