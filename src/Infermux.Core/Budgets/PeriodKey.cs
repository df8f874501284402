using Infermux.Core.Configuration;

namespace Infermux.Core.Budgets;

/// <summary>One budget period, in UTC.</summary>
/// <param name="Kind">Its length.</param>
/// <param name="Start">Its first day; <see cref="DateOnly.MinValue"/> for <see cref="BudgetPeriod.Total"/>.</param>
public readonly record struct PeriodKey(BudgetPeriod Kind, DateOnly Start)
{
    /// <summary>Every length there is. Accounts keep sums for all of them, so that a changed limit finds what was spent before it.</summary>
    public static IReadOnlyList<BudgetPeriod> Kinds { get; } = [BudgetPeriod.Day, BudgetPeriod.Week, BudgetPeriod.Month, BudgetPeriod.Total];

    /// <summary>First moment; null for <see cref="BudgetPeriod.Total"/>.</summary>
    public DateTimeOffset? StartsAt => Kind == BudgetPeriod.Total ? null : At(Start);

    /// <summary>First moment after it; null for <see cref="BudgetPeriod.Total"/>.</summary>
    public DateTimeOffset? EndsAt => Kind switch
    {
        BudgetPeriod.Day => At(Start.AddDays(1)),
        BudgetPeriod.Week => At(Start.AddDays(7)),
        BudgetPeriod.Month => At(Start.AddMonths(1)),
        _ => null,
    };

    /// <summary>The period of this length that contains a moment.</summary>
    public static PeriodKey Of(BudgetPeriod kind, DateTimeOffset moment)
    {
        var day = DateOnly.FromDateTime(moment.UtcDateTime);
        return new(kind, kind switch
        {
            BudgetPeriod.Day => day,
            BudgetPeriod.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)), // Monday is the first
            BudgetPeriod.Month => new DateOnly(day.Year, day.Month, 1),
            _ => DateOnly.MinValue,
        });
    }

    private static DateTimeOffset At(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
