using System.Globalization;
using System.Text;

namespace Infermux.Providers.Bedrock;

/// <summary>Names of one request's documents: letters, digits, blanks, <c>-()[]</c>, no two blanks in a row, and no name twice.</summary>
internal sealed class DocumentNames
{
    private const int MaxLength = 190; // of 200; a number may follow
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The name a file goes by. Its extension is left off, since the format says it.</summary>
    public string Clean(string? filename)
    {
        var kept = new StringBuilder();
        foreach (var character in Path.GetFileNameWithoutExtension(filename ?? ""))
        {
            var taken = char.IsAsciiLetterOrDigit(character) || character is '-' or '(' or ')' or '[' or ']';
            if (taken || (kept.Length > 0 && kept[^1] != ' '))
            {
                kept.Append(taken ? character : ' ');
            }
        }

        var clean = kept.ToString(0, Math.Min(kept.Length, MaxLength)).Trim();
        return Unused(clean.Length > 0 ? clean : "document");
    }

    private string Unused(string name)
    {
        var unused = name;
        for (var n = 2; !_used.Add(unused); n++)
        {
            unused = string.Create(CultureInfo.InvariantCulture, $"{name} ({n})");
        }

        return unused;
    }
}
