namespace Infermux.Hosting.Configuration.Yaml;

/// <summary>
/// Mends the third shape of <c>budgets</c> that the original prints, before YAML sees it: <c>state_file:</c> with the entries' list below it at the same
/// indent. A mapping cannot turn into a sequence, so no parser takes it; a line <c>callers:</c> put before the list makes it legal.
/// </summary>
internal static class BudgetsRepair
{
    /// <summary>The legal form of the text, and the line (from 1) that was put in; 0 where nothing had to be mended.</summary>
    public static (string Text, int InsertedLine) Apply(string text)
    {
        var lines = text.Split('\n');
        var start = Array.FindIndex(lines, l => Content(l) is "budgets:" && Indent(l) == 0);
        if (start < 0) { return (text, 0); }
        var (indent, lastKey) = (-1, "");
        for (var i = start + 1; i < lines.Length; i++)
        {
            var content = Content(lines[i]);
            if (content.Length == 0) { continue; }
            var at = Indent(lines[i]);
            if (indent < 0) { indent = at; }
            if (at < indent || at == 0) { break; }
            if (at > indent) { continue; }
            if (!IsItem(content)) { lastKey = content; continue; }
            if (lastKey.Length == 0 || TakesList(lastKey)) { break; }
            lines = [.. lines[..i], $"{lines[i][..indent]}callers:", .. lines[i..]];
            return (string.Join('\n', lines), i + 1);
        }
        return (text, 0);
    }

    private static bool IsItem(string content) => content is "-" || content.StartsWith("- ", StringComparison.Ordinal);

    // `state_file:` with nothing behind it would take the list as its own value, which nobody means.
    private static bool TakesList(string key) => key.EndsWith(':') && !key.StartsWith("state_file", StringComparison.Ordinal);

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    private static string Content(string line)
    {
        var trimmed = line.Trim();
        if (trimmed.StartsWith('#')) { return ""; }
        var comment = trimmed.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? trimmed : trimmed[..comment].TrimEnd();
    }
}
