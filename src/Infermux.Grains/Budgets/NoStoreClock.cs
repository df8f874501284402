namespace Infermux.Grains.Budgets;

/// <summary>For a store without a clock of its own: the silo's is the only one there is.</summary>
internal sealed class NoStoreClock : IStoreClock
{
    public DateTimeOffset? Now => null;
}
