using System.Buffers;
using System.Globalization;
using System.Text;

namespace Infermux.Core.Configuration.Keys;

/// <summary>Durations as the file writes them, which is Go's form: one or more numbers with a unit, <c>250ms</c>, <c>60s</c>, <c>1h30m</c>.</summary>
public static class Duration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, decimal Ticks)[] Units =
    [
        ("ns", 0.01m), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads a duration; a lone <c>0</c> needs no unit, every other number does. False where the text is none, or longer than a TimeSpan.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = TimeSpan.Zero;
        if (text is "0") { return true; }
        var ticks = 0m;
        var rest = text.AsSpan();
        if (rest.IsEmpty) { return false; }
        while (!rest.IsEmpty)
        {
            if (!TryPart(ref rest, out var part) || (ticks += part) > long.MaxValue) { return false; }
        }
        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>A text that reads back as the same duration; negative ones are not written.</summary>
    public static string Write(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        // Up to ten minutes in seconds, as the original's pages write them: 60s, 600s.
        if (duration <= TimeSpan.FromMinutes(10) && duration.Ticks % TimeSpan.TicksPerSecond == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerSecond}s");
        }
        var text = new StringBuilder();
        var left = duration.Ticks;
        foreach (var (unit, size) in (ReadOnlySpan<(string, long)>)[("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
            ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond)])
        {
            if (left / size > 0) { text.Append(CultureInfo.InvariantCulture, $"{left / size}{unit}"); }
            left %= size;
        }
        return left == 0 ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $"{left * 100}ns").ToString();
    }

    private static bool TryPart(ref ReadOnlySpan<char> rest, out decimal ticks)
    {
        ticks = 0;
        var digits = rest.IndexOfAnyExcept(Digits);
        if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) { return false; }
        rest = rest[digits..];
        var end = rest.IndexOfAny(Digits);
        var unit = (end < 0 ? rest : rest[..end]).ToString();
        rest = rest[unit.Length..];
        var size = Array.Find(Units, u => string.Equals(u.Unit, unit, StringComparison.Ordinal)).Ticks;
        if (size == 0 || number > long.MaxValue / Math.Max(size, 1)) { return false; }
        ticks = number * size;
        return true;
    }
}
