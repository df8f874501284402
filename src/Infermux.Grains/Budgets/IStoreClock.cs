namespace Infermux.Grains.Budgets;

/// <summary>The store's clock, which all silos share.</summary>
internal interface IStoreClock
{
    /// <summary>How far ahead of the store's clock periods may be judged: a silo's clock is right to within this, or wrong. 60 s.</summary>
    static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    /// <summary>What it shows now; null while it was not told.</summary>
    DateTimeOffset? Now { get; }
}
