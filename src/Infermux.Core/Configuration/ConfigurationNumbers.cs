using System.Collections.Immutable;

namespace Infermux.Core.Configuration;

/// <summary>
/// Numbers the texts of <c>budgets</c> that processes load, so that everyone agrees which one is the newest. Pure: shared by all processes through the store,
/// which lets one change after the other in.
/// </summary>
/// <param name="Marks">By fingerprint.</param>
public sealed record ConfigurationNumbers(ImmutableDictionary<string, ConfigurationMark> Marks)
{
    /// <summary>Nothing was numbered.</summary>
    public static ConfigurationNumbers None { get; } = new(ImmutableDictionary.Create<string, ConfigurationMark>(StringComparer.Ordinal));

    /// <summary>How often a text is marked as seen while processes run on it.</summary>
    public static TimeSpan SeenEvery { get; } = TimeSpan.FromSeconds(10);

    /// <summary>A text that was not seen for so long is in force nowhere: a process that was killed is back by then, or it is not coming.</summary>
    public static TimeSpan AliveFor { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a text that is in force nowhere keeps its number. One that comes later counts as new.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromDays(30);

    private long Newest => Marks.IsEmpty ? 0 : Marks.Values.Max(mark => mark.Number);

    /// <summary>
    /// Gives a process the number of the text that it runs on.
    /// <list type="bullet">
    /// <item>A text that nobody has loaded before is the newest.</item>
    /// <item>So is an older text that a running process changes to: somebody took a change back. Others that do the same find it numbered.</item>
    /// <item>An older text that a process starts or goes on with stays the older one while anyone runs on a newer: it was not rolled out there yet.</item>
    /// <item>Once nobody does, it is the newest: the change was taken back by restarts.</item>
    /// </list>
    /// </summary>
    /// <param name="fingerprint">Of the text.</param>
    /// <param name="held">The number that the process has now, for this text or the one before; 0: it starts.</param>
    /// <param name="now">The time of the store.</param>
    /// <param name="aliveFor"><see cref="AliveFor"/>, or zero where the process is alone.</param>
    /// <returns>The numbers afterwards, the same object where there is nothing to keep; and that of the text.</returns>
    public (ConfigurationNumbers Next, long Number) Claim(string fingerprint, long held, DateTimeOffset now, TimeSpan aliveFor)
    {
        var own = Marks.GetValueOrDefault(fingerprint);
        if (own is null || own.Number < held || IsBackInForce(own, now, aliveFor))
        {
            // At least the time: should the store lose its numbers, those that accounts remember are still smaller.
            own = new(Math.Max(Math.Max(Newest, held) + 1, now.ToUnixTimeMilliseconds()), now);
        }
        else if ((now - own.SeenAt).Duration() < SeenEvery)
        {
            return (this, own.Number);
        }

        var forgotten = Marks.Where(mark => (now - mark.Value.SeenAt).Duration() > Kept).Select(mark => mark.Key);
        return (new(Marks.RemoveRange(forgotten).SetItem(fingerprint, own with { SeenAt = now })), own.Number);
    }

    private bool IsBackInForce(ConfigurationMark own, DateTimeOffset now, TimeSpan aliveFor)
    {
        var newer = Marks.Values.Where(other => other.Number > own.Number).ToList();
        return newer.Count > 0 && newer.TrueForAll(other => (now - other.SeenAt).Duration() > aliveFor);
    }
}
