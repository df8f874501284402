using Orleans.Timers;

namespace Infermux.Grains.Budgets;

/// <summary>Wakes accounts by reminders, which outlive silos. A minute is the least that reminders know.</summary>
internal sealed class ReminderWaker(IReminderRegistry reminders) : IAccountWaker
{
    /// <summary>Name of the reminder; part of the stored row.</summary>
    public const string Name = "open-work";

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    public Task EnsureAsync(GrainId account) => reminders.RegisterOrUpdateReminder(account, Name, Period, Period);

    public async Task DropAsync(GrainId account)
    {
        if (await reminders.GetReminder(account, Name) is { } reminder)
        {
            await reminders.UnregisterReminder(account, reminder);
        }
    }
}
