using Infermux.Core.Configuration;

namespace Infermux.Grains.Contracts.Budgets;

/// <summary>One account as it stands; a moment's truth.</summary>
[GenerateSerializer, Immutable, Alias("infermux.account-view.v1")]
public sealed record AccountView
{
    /// <summary>The account.</summary>
    [Id(0)] public required string Account { get; init; }

    /// <summary>Start of the current period; null for <c>total</c> or where no limit is set.</summary>
    [Id(1)] public DateTimeOffset? PeriodStart { get; init; }

    /// <summary>End of the current period.</summary>
    [Id(2)] public DateTimeOffset? PeriodEnd { get; init; }

    /// <summary>The limit; null where none is set.</summary>
    [Id(3)] public decimal? LimitUsd { get; init; }

    /// <summary>What happens at the limit; null where none is set.</summary>
    [Id(4)] public BudgetAction? Action { get; init; }

    /// <summary>Settled in the period, USD.</summary>
    [Id(5)] public decimal Settled { get; init; }

    /// <summary>Held by open operations, USD.</summary>
    [Id(6)] public decimal Reserved { get; init; }

    /// <summary>Operations that hold something.</summary>
    [Id(7)] public int OpenHolds { get; init; }

    /// <summary>Where the limit comes from: <c>file</c>, <c>template</c>, <c>api</c> or <c>none</c>.</summary>
    [Id(8)] public string Origin { get; init; } = "none";

    /// <summary>What settles took beyond their holds, USD; zero when providers honour the cap.</summary>
    [Id(9)] public decimal Excess { get; init; }

    /// <summary>Of <see cref="Settled"/>, what is marked estimated, USD.</summary>
    [Id(10)] public decimal Estimated { get; init; }

    /// <summary>Of <see cref="Settled"/>, what was charged at expiry, USD.</summary>
    [Id(11)] public decimal Unsettled { get; init; }
}
