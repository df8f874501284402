using System.Text.Json;

namespace Infermux.Providers.Pivot;

/// <summary>A tool as the caller described it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does; null: not said.</param>
/// <param name="Parameters">Its JSON schema; null: it takes nothing.</param>
/// <param name="Strict">Whether calls must follow the schema.</param>
/// <param name="CacheControl">The caller's cache mark on it.</param>
internal sealed record OfferedTool(string Name, string? Description, JsonElement? Parameters, bool Strict, JsonElement? CacheControl)
{
    /// <summary>Reads <c>tools</c>, or the older <c>functions</c>.</summary>
    /// <exception cref="RequestRefusedException">One of them is no function.</exception>
    public static List<OfferedTool> Read(JsonElement request)
    {
        var tools = new List<OfferedTool>();
        foreach (var tool in request.List("tools"))
        {
            var path = $"tools[{tools.Count}]";
            if (tool.Text("type") is not (null or "function") || tool.Find("function") is not { } function)
            {
                throw new RequestRefusedException(
                    $"'{path}.type' is '{tool.Text("type")}'; this provider's dialect has only 'function'.", $"{path}.type", "unsupported");
            }

            tools.Add(Of(function, tool, path));
        }

        return tools.Count > 0 ? tools : [.. request.List("functions").Select(static (function, n) => Of(function, function, $"functions[{n}]"))];
    }

    private static OfferedTool Of(JsonElement function, JsonElement tool, string path) => new(
        function.Text("name") is { Length: > 0 } name ? name : throw new RequestRefusedException($"'{path}' has no name.", $"{path}.function.name"),
        function.Text("description"),
        function.Find("parameters"),
        function.IsTrue("strict"),
        tool.Find("cache_control") ?? function.Find("cache_control"));
}
