using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>The <c>budgets</c> block, whichever of its shapes the file uses.</summary>
[MayBeList("callers")]
public sealed record BudgetsOptions
{
    /// <summary>One entry per caller; the caller <c>*</c> is the template for every caller not named.</summary>
    public IReadOnlyList<BudgetOptions> Callers { get; init; } = [];

    /// <summary>Default for entries without their own. Null: <c>deny</c> for <c>hard_stop</c>, else <c>allow</c>.</summary>
    public OnUnavailable? OnUnavailable { get; init; }

    /// <summary>Names under the template before new ones share <c>*overflow</c>. Default 10,000.</summary>
    [Between("1", "1000000")]
    public int MaxCallers { get; init; } = 10_000;

    /// <summary>Accepted from files of the original and not needed: state is durable by itself.</summary>
    public string? StateFile { get; init; }
}
