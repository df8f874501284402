namespace Infermux.Core.Routing;

/// <summary>Names near one that nobody knows, for an error that tells the mend.</summary>
public static class NearNames
{
    private const int LongestAsked = 128;

    /// <summary>
    /// At most <paramref name="most"/> of <paramref name="known"/>: those within a third of the name's length in edits, or containing it, letter case
    /// aside, nearest first. Empty for names over 128 characters.
    /// </summary>
    public static IReadOnlyList<string> Of(string asked, IEnumerable<string> known, int most = 5) => asked.Length is 0 or > LongestAsked
        ? []
        : [.. known
            .Where(name => name.Length <= LongestAsked)
            .Select(name => (Name: name, Distance: Distance(asked, name)))
            .Where(near => near.Distance <= Math.Max(2, asked.Length / 3))
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Name, StringComparer.Ordinal)
            .Take(most)
            .Select(near => near.Name)];

    // A name that contains the other is one edit away: `gpt-4o` and `gpt-4o-2024-08-06` are near, however long the date.
    private static int Distance(string asked, string name)
    {
        var edits = Edits(asked, name);
        return edits > 1 && asked.Length >= 3 && name.Length >= 3 && (Contains(name, asked) || Contains(asked, name)) ? 1 : edits;
    }

    private static bool Contains(string whole, string part) => whole.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static int Edits(string left, string right)
    {
        Span<int> row = stackalloc int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (var line = 1; line <= left.Length; line++)
        {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= right.Length; column++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(left[line - 1]) == char.ToLowerInvariant(right[column - 1]) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(replaced, Math.Min(diagonal, row[column - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
