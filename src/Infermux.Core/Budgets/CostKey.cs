namespace Infermux.Core.Budgets;

/// <summary>What cost rows are added up by.</summary>
/// <param name="Hour">Start of the UTC hour in which the operation was reserved, or began where it held nothing.</param>
/// <param name="Caller">The caller as named in the request.</param>
/// <param name="Provider">Who billed.</param>
/// <param name="Model">The model billed.</param>
/// <param name="Group">Route group.</param>
/// <param name="Project">Project; <c>other</c> past the cap.</param>
/// <param name="Env">Stage; <c>other</c> past the cap.</param>
public readonly record struct CostKey(
    DateTimeOffset Hour, string Caller, string Provider, string Model, string Group, string Project, string Env)
{
    /// <summary>The UTC day it is booked to.</summary>
    public DateOnly Day => DateOnly.FromDateTime(Hour.UtcDateTime);

    /// <summary>The start of the UTC hour of a moment.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
