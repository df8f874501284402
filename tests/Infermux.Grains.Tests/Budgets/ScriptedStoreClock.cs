using Infermux.Grains.Budgets;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>A store's clock that a test sets.</summary>
internal sealed class ScriptedStoreClock : IStoreClock
{
    public DateTimeOffset? Now { get; set; }
}
