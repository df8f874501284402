using System.Globalization;

namespace Infermux.Core.Configuration.Keys;

/// <summary>Sizes as the file writes them: <c>32MiB</c>, <c>64KiB</c>, <c>10MB</c>; a bare whole number counts bytes.</summary>
public static class ByteSize
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("KB", 1000), ("B", 1),
    ];

    /// <summary>Reads a size; false where the text is none, is not a whole number of bytes, or is more than a long holds.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = 0;
        var (unit, size) = Array.Find(Units, u => text.EndsWith(u.Unit, StringComparison.Ordinal));
        var number = unit is null ? text : text[..^unit.Length].TrimEnd();
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue) { return false; }
        if (count > (decimal)long.MaxValue / Math.Max(size, 1)) { return false; }
        var exact = count * Math.Max(size, 1);
        bytes = (long)exact;
        return exact == bytes;
    }

    /// <summary>The size in the largest binary unit that divides it.</summary>
    public static string Write(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var (unit, size) = Array.Find(Units, u => u.Unit.Contains('i', StringComparison.Ordinal) && bytes > 0 && bytes % u.Bytes == 0);
        return unit is null ? bytes.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }
}
