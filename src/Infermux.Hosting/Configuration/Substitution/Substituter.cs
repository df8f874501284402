using System.Text;
using System.Text.RegularExpressions;

namespace Infermux.Hosting.Configuration.Substitution;

/// <summary>
/// Expands <c>${NAME}</c>, <c>${NAME:-default}</c>, <c>${NAME:?message}</c>, <c>${file:/path}</c>, <c>$$</c> and a whole scalar <c>$NAME</c>. It works on
/// the text of one scalar, after YAML has been parsed, so a value can never change the structure of the file.
/// </summary>
/// <param name="variable">The value of an environment variable, or null.</param>
/// <param name="file">The text of a file, or null where it cannot be read.</param>
internal sealed partial class Substituter(Func<string, string?> variable, Func<string, string?> file)
{
    public Substituted Expand(string text)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) { return new(text, IsSecret: false, []); }
        var problems = new List<SubstitutionProblem>();
        if (BareName().Match(text) is { Success: true } bare) { return new(Variable(bare.Groups["name"].Value, problems), IsSecret: true, problems); }
        var (expanded, any) = Expand(text, problems);
        return new(expanded, any, problems);
    }

    private (string Text, bool Any) Expand(string text, List<SubstitutionProblem> problems)
    {
        var (result, any) = (new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (text[i] != '$' || next is not ('$' or '{')) { result.Append(text[i]); continue; }
            if (next == '$') { result.Append('$'); i++; continue; }
            var end = Closing(text, i + 2);
            if (end < 0)
            {
                problems.Add(new("'${' is not closed.", "Close it with '}', or write '$${' for the two characters themselves."));
                return (result.ToString(), any);
            }
            result.Append(Resolve(text[(i + 2)..end], problems));
            (any, i) = (true, end);
        }
        return (result.ToString(), any);
    }

    private static int Closing(string text, int from)
    {
        var depth = 1;
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '$' && i + 1 < text.Length && text[i + 1] == '{') { (depth, i) = (depth + 1, i + 1); }
            else if (text[i] == '}' && --depth == 0) { return i; }
        }
        return -1;
    }

    private string Resolve(string body, List<SubstitutionProblem> problems)
    {
        if (body.StartsWith("file:", StringComparison.Ordinal)) { return File(body["file:".Length..].Trim(), problems); }
        var match = Named().Match(body);
        var (name, form, rest) = (match.Groups["name"].Value, match.Groups["form"].Value, match.Groups["rest"].Value);
        switch (form)
        {
            case "" when match.Success: return Variable(name, problems);
            case ":-": return variable(name) is { Length: > 0 } set ? set : Expand(rest, problems).Text;
            case ":?":
                if (variable(name) is { Length: > 0 } needed) { return needed; }
                problems.Add(new($"the environment variable {name} is needed{(rest.Length > 0 ? $": {rest.TrimEnd('.')}" : "")}.", $"Set {name}."));
                return "";
            default:
                problems.Add(new($"'${{{body}}}' is not a substitution.", "Write ${NAME}, ${NAME:-default}, ${NAME:?message}, ${file:/path}, or '$$' for a dollar."));
                return "";
        }
    }

    private string Variable(string name, List<SubstitutionProblem> problems)
    {
        if (variable(name) is { } value) { return value; }
        problems.Add(new($"the environment variable {name} is not set; the value is empty.", $"Set {name}, or write a default: ${{{name}:-value}}.", IsWarning: true));
        return "";
    }

    private string File(string path, List<SubstitutionProblem> problems)
    {
        if (path.Length > 0 && file(path) is { } text) { return text.TrimEnd('\r', '\n'); }
        problems.Add(new($"the file '{path}' cannot be read.", "Mount it there and let this process read it."));
        return "";
    }

    [GeneratedRegex(@"\A\$(?<name>[A-Za-z_][A-Za-z0-9_]*)\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BareName();

    [GeneratedRegex(@"\A(?<name>[A-Za-z_][A-Za-z0-9_]*)((?<form>:-|:\?)(?<rest>.*))?\z", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
