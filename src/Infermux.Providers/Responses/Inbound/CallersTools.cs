using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>What chat has no word for among the caller's tools, so that their calls come back as the caller knows them: custom tools, and functions in a namespace.</summary>
internal sealed class CallersTools
{
    private readonly HashSet<string> _custom = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Namespace, string Name)> _namespaced = new(StringComparer.Ordinal);

    private CallersTools(JsonElement request)
    {
        foreach (var (tool, space) in All(request))
        {
            var name = tool.Text("name") ?? "";
            if (space is not null)
            {
                _namespaced[Flat(space, name)] = (space, name);
            }
            else if (tool.Text("type") is "custom")
            {
                _custom.Add(name);
            }
        }
    }

    /// <summary>Reads a request's.</summary>
    public static CallersTools Of(JsonElement request) => new(request);

    /// <summary>Every tool of a request with its namespace; null: it has none.</summary>
    public static IEnumerable<(JsonElement Tool, string? Namespace)> All(JsonElement request) => request.List("tools").SelectMany(
        static tool => tool.Text("type") is "namespace" ? tool.List("tools").Select(inner => (inner, tool.Text("name"))) : [(tool, (string?)null)]);

    /// <summary>The name of a function in a namespace where there are none.</summary>
    public static string Flat(string space, string name) => $"{space}__{name}";

    /// <summary>Whether calls of this tool have a text as their input.</summary>
    public bool IsCustom(string name) => _custom.Contains(name);

    /// <summary>The namespace and name that a function was flattened from; no namespace where it was not.</summary>
    public (string? Namespace, string Name) Known(string name) => _namespaced.TryGetValue(name, out var known) ? known : (null, name);
}
