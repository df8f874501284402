using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Management;

/// <summary>Body of <c>PUT /_infermux/budgets/{caller}</c>, with the keys of the file.</summary>
internal sealed record BudgetPut
{
    public decimal? LimitUsd { get; init; }

    public BudgetPeriod Period { get; init; } = BudgetPeriod.Month;

    public BudgetAction Action { get; init; } = BudgetAction.HardStop;

    public string? ModelOverride { get; init; }

    public IResult? Refuse()
    {
        if (LimitUsd is not >= 0)
        {
            return ManagementJson.Problem(400, "invalid_request", "limit_usd is required, in USD, and must be 0 or more.");
        }

        return Action == BudgetAction.ModelOverride && string.IsNullOrEmpty(ModelOverride)
            ? ManagementJson.Problem(400, "invalid_request", "action model_override needs model_override: the model to use instead.")
            : null;
    }

    public LimitOverride ToOverride() => new(LimitUsd!.Value, Period, Action, ModelOverride);
}
