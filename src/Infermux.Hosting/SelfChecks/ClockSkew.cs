using System.Globalization;
using Infermux.Core.Configuration;

namespace Infermux.Hosting.SelfChecks;

/// <summary>
/// How far this process's clock is from the store's. Orleans compares silos' own clocks when it judges who is alive, and budgets' periods begin by
/// them; both stand a second or two.
/// </summary>
internal static class ClockSkew
{
    /// <summary>Beyond it somebody should look.</summary>
    public static readonly TimeSpan Warns = TimeSpan.FromSeconds(2);

    /// <summary>Beyond it a silo must not be a member.</summary>
    public static readonly TimeSpan Refuses = TimeSpan.FromSeconds(10);

    /// <summary>The store's clock as it was halfway between asking and being answered.</summary>
    public static TimeSpan Between(DateTimeOffset asked, DateTimeOffset answered, DateTimeOffset store) => asked + ((answered - asked) / 2) - store;

    /// <summary>What is wrong with it; null within two seconds. A process without a silo owns no truth, and only warns.</summary>
    public static ConfigProblem? Problem(TimeSpan skew, bool isSilo)
    {
        var off = skew.Duration();
        return off <= Warns ? null : new ConfigProblem(
            "cluster.redis",
            string.Create(CultureInfo.InvariantCulture, $"this machine's clock is {off.TotalSeconds:0.#} s {(skew < TimeSpan.Zero ? "behind" : "ahead of")} the store's."),
            "Let both follow the same time source (chrony, systemd-timesyncd); 'redis-cli time' shows the store's.",
            IsWarning: off <= Refuses || !isSilo);
    }
}
