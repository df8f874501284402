namespace Infermux.Core.Configuration.Keys;

/// <summary>Finds the name somebody meant.</summary>
public static class NearName
{
    /// <summary>The known name with the fewest edits to <paramref name="typed"/>, at most a third of its length (and 1 at least), or null.</summary>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(typed);
        var best = known.Select(name => (Name: name, Edits: Edits(Plain(typed), Plain(name)))).OrderBy(c => c.Edits).ThenBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name is not null && best.Edits <= Math.Max(1, typed.Length / 3) ? best.Name : null;
    }

    private static string Plain(string name) => name.Replace('-', '_').ToLowerInvariant();

    // Optimal string alignment: a swap of neighbours, the commonest slip, is one edit.
    private static int Edits(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) { rows[i, 0] = i; }
        for (var j = 0; j <= b.Length; j++) { rows[0, j] = j; }
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) { rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1); }
            }
        }
        return rows[a.Length, b.Length];
    }
}
