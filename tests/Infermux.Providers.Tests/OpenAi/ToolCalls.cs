using System.Text.Json;

namespace Infermux.Providers.Tests.OpenAi;

/// <summary>Puts tool calls together as the official Python client does: by index, appending every text.</summary>
internal sealed record ToolCalls(string Id, string Name, string Arguments)
{
    public static Dictionary<(int Choice, int Call), ToolCalls> Append(IEnumerable<JsonElement> chunks)
    {
        var calls = new Dictionary<(int, int), ToolCalls>();
        foreach (var choice in chunks.SelectMany(c => c.GetProperty("choices").EnumerateArray()))
        {
            if (choice.TryGetProperty("delta", out var delta) && delta.TryGetProperty("tool_calls", out var list) && list.ValueKind == JsonValueKind.Array)
            {
                foreach (var piece in list.EnumerateArray())
                {
                    var key = (choice.GetProperty("index").GetInt32(), piece.GetProperty("index").GetInt32());
                    calls[key] = Append(calls.GetValueOrDefault(key, new ToolCalls("", "", "")), piece);
                }
            }
        }

        return calls;
    }

    private static ToolCalls Append(ToolCalls to, JsonElement piece)
    {
        var function = piece.TryGetProperty("function", out var f) ? f : default;
        return new ToolCalls(to.Id + Text(piece, "id"), to.Name + Text(function, "name"), to.Arguments + Text(function, "arguments"));
    }

    private static string Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
