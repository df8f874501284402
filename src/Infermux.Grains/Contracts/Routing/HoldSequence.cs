namespace Infermux.Grains.Contracts.Routing;

/// <summary>The rising numbers of one operation's money commands, so that router and gateway number them without asking each other.</summary>
public static class HoldSequence
{
    /// <summary>Above every other number of an operation.</summary>
    public const int Last = int.MaxValue;

    private const int Steps = 64;
    private const int Extends = 1 << 15;

    /// <summary>The router's <paramref name="step"/>-th reserve (0 … 63) within one call for an attempt.</summary>
    public static int Reserve(int attempt, int repeat, int step) =>
        (attempt << 16) | (Math.Clamp(repeat, 0, (Extends / Steps) - 1) * Steps) | Math.Min(step, Steps - 1);

    /// <summary>The gateway's <paramref name="count"/>-th extension (0 … 32,767) of a running attempt: above its reserves, below the next attempt's.</summary>
    public static int Extend(int attempt, int count) => (attempt << 16) | Extends | Math.Min(count, Extends - 1);
}
