using Infermux.Core.Configuration;
using Infermux.Hosting.Configuration.Yaml;

namespace Infermux.Hosting.Configuration.Binding;

/// <summary>What one load found out beside the options: problems, where each path stands, which values are secret.</summary>
internal sealed class BindTrace(string source)
{
    private readonly Dictionary<string, SourcePosition> _positions = new(StringComparer.Ordinal);
    private readonly List<LocatedProblem> _problems = [];
    private readonly List<(string Path, string Value, SourcePosition At)> _values = [];
    private readonly HashSet<string> _secretPaths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private readonly List<(string Path, string Written)> _shorthands = [];

    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);

    public IReadOnlyList<LocatedProblem> Problems => _problems;

    public IReadOnlySet<string> SecretPaths => _secretPaths;

    /// <summary>Every scalar as it was bound, secrets in the clear: for the hash only.</summary>
    public IEnumerable<(string Path, string Value)> Values => _values.Select(v => (v.Path, v.Value));

    public IEnumerable<ConfigurationEntry> Entries =>
        _values.Select(v => new ConfigurationEntry(Written(v.Path), _secretPaths.Contains(v.Path) ? "***" : v.Value, $"{source}:{v.At.Line}"));

    public void Stands(string path, SourcePosition at) => _positions[path] = at;

    /// <summary>Notes that a block was written as the list of one of its keys.</summary>
    public void Shorthand(string path, string written) => _shorthands.Add((path, written));

    public void Value(string path, string value, SourcePosition at, bool secret)
    {
        _values.Add((path, value, at));
        if (!secret) { return; }
        _secretPaths.Add(path);
        if (value.Length > 0) { _secrets.Add(value); }
    }

    /// <summary>Notes that a path has no value of its author's, so that no rule judges what stands there in its place.</summary>
    public void Unread(string path) => _unread.Add(path);

    /// <summary>Whether a path, or one above it, could not be read.</summary>
    public bool IsUnread(string path) =>
        _unread.Any(u => path.StartsWith(u, StringComparison.Ordinal) && (path.Length == u.Length || path[u.Length] is '.' or '['));

    public void Add(SourcePosition at, ConfigProblem problem) => _problems.Add(new(source, at.Line, at.Column, Shown(problem)));

    /// <summary>Adds a problem found on the options, at the nearest place that the file has for its path.</summary>
    public void Add(ConfigProblem problem)
    {
        var path = problem.Path;
        while (path.Length > 0 && !_positions.ContainsKey(path)) { path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))]; }
        Add(_positions.GetValueOrDefault(path, new(1, 1)), problem);
    }

    private ConfigProblem Shown(ConfigProblem problem) =>
        problem with { Path = Mask(Written(problem.Path)), Problem = Mask(problem.Problem), Mend = Mask(problem.Mend) };

    private string Written(string path)
    {
        foreach (var (canonical, written) in _shorthands)
        {
            if (path.StartsWith(canonical, StringComparison.Ordinal)) { return written + path[canonical.Length..]; }
        }
        return path;
    }

    // Longest first, so that a secret inside another one leaves no tail. Up to three characters say nothing and would shred the sentence.
    private string Mask(string text) =>
        _secrets.Where(s => s.Length > 3).OrderByDescending(s => s.Length).Aggregate(text, (t, secret) => t.Replace(secret, "***", StringComparison.Ordinal));
}
