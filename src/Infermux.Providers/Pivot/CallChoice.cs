using System.Text.Json;

namespace Infermux.Providers.Pivot;

/// <summary><c>tool_choice</c> (or the older <c>function_call</c>) with <c>parallel_tool_calls</c>.</summary>
/// <param name="Mode">Whether tools are to be called.</param>
/// <param name="Single"><c>parallel_tool_calls: false</c>.</param>
/// <param name="Name">The tool of <see cref="CallMode.Named"/>.</param>
/// <param name="Allowed">Names of the only tools that may be called; null: all.</param>
internal sealed record CallChoice(CallMode Mode, bool Single, string? Name = null, IReadOnlySet<string>? Allowed = null)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static CallChoice Read(JsonElement request)
    {
        var single = request.Find("parallel_tool_calls") is { ValueKind: JsonValueKind.False };
        return (request.Find("tool_choice") ?? request.Find("function_call")) switch
        {
            { ValueKind: JsonValueKind.String } word => word.GetString() switch
            {
                "none" => new CallChoice(CallMode.None, single),
                "auto" => new CallChoice(CallMode.Auto, single),
                "required" => new CallChoice(CallMode.Required, single),
                var other => throw new RequestRefusedException($"'tool_choice' is '{other}'; use none, auto, required or a function.", "tool_choice"),
            },
            { ValueKind: JsonValueKind.Object } named => ReadNamed(named, single),
            _ => new CallChoice(CallMode.Auto, single),
        };
    }

    /// <summary>The tools that may be called.</summary>
    /// <exception cref="RequestRefusedException">The choice names none of them.</exception>
    public List<OfferedTool> Keep(List<OfferedTool> tools)
    {
        if (Allowed is not { } allowed)
        {
            return tools;
        }

        List<OfferedTool> kept = [.. tools.Where(tool => allowed.Contains(tool.Name))];
        return kept.Count > 0
            ? kept
            : throw new RequestRefusedException("'tool_choice.allowed_tools' names none of the tools.", "tool_choice.allowed_tools");
    }

    private static CallChoice ReadNamed(JsonElement choice, bool single)
    {
        if (choice.Find("allowed_tools") is { } allowed)
        {
            var names = allowed.List("tools").Select(static tool => tool.Find("function")?.Text("name")).OfType<string>().ToHashSet(StringComparer.Ordinal);
            return new CallChoice(allowed.Text("mode") is "required" ? CallMode.Required : CallMode.Auto, single, Allowed: names);
        }

        return (choice.Find("function")?.Text("name") ?? choice.Text("name")) is { Length: > 0 } name
            ? new CallChoice(CallMode.Named, single, name)
            : throw new RequestRefusedException("'tool_choice' must name a function.", "tool_choice", "unsupported");
    }
}
