using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>
/// A chat conversation as Responses items. Calls go without item ids: an id would make the API look for a reasoning item that it does not keep. Reasoning of the
/// same maker goes back before the call it belongs to.
/// </summary>
internal sealed class InputItems
{
    private readonly AttemptTarget _target;
    private readonly SortedSet<string> _dropped;
    private readonly List<Action<Utf8JsonWriter>> _items = [];
    private readonly HashSet<string> _custom = new(StringComparer.Ordinal); // ids of calls to custom tools
    private string? _lastFunction;

    private InputItems(AttemptTarget target, SortedSet<string> dropped) => (_target, _dropped) = (target, dropped);

    /// <summary>Reads the messages.</summary>
    /// <exception cref="RequestRefusedException">One of them cannot be said.</exception>
    public static IReadOnlyList<Action<Utf8JsonWriter>> Of(JsonElement request, AttemptTarget target, SortedSet<string> dropped)
    {
        var items = new InputItems(target, dropped);
        var n = 0;
        foreach (var message in request.List("messages"))
        {
            items.Add(message, string.Create(CultureInfo.InvariantCulture, $"messages[{n++}]"));
        }

        return items._items;
    }

    private void Add(JsonElement message, string path)
    {
        switch (message.Text("role"))
        {
            case ("system" or "developer" or "user") and var role:
                AddMessage(role, message, path);
                break;
            case "assistant":
                AddAssistant(message, path);
                break;
            case "tool":
                AddResult(message, message.Text("tool_call_id"), path);
                break;
            case "function":
                AddResult(message, _lastFunction, path);
                break;
            case var other:
                throw new RequestRefusedException($"'{path}.role' is '{other}'; use system, developer, user, assistant or tool.", $"{path}.role");
        }
    }

    private void AddMessage(string role, JsonElement message, string path)
    {
        var parts = InputParts.Of(message, "input_text", path);
        _items.Add(writer =>
        {
            writer.WriteString("type", "message");
            writer.WriteString("role", role);
            InputParts.Write(writer, "content", parts);
        });
    }

    private void AddAssistant(JsonElement message, string path)
    {
        var reasoning = ReasoningItem.Read(message, _target, _dropped);
        _items.AddRange(reasoning.Where(static item => item.Before is null).Select(static item => item.Write));
        var parts = InputParts.Of(message, "output_text", path);
        if (message.Text("refusal") is { Length: > 0 } refusal)
        {
            parts.Add(writer =>
            {
                writer.WriteString("type", "refusal");
                writer.WriteString("refusal", refusal);
            });
        }

        if (parts.Count > 0)
        {
            _items.Add(writer =>
            {
                writer.WriteString("type", "message");
                writer.WriteString("role", "assistant");
                InputParts.Write(writer, "content", parts);
            });
        }

        foreach (var call in message.List("tool_calls"))
        {
            AddCall(call, reasoning);
        }

        if (message.Find("function_call") is { } function)
        {
            _lastFunction = string.Create(CultureInfo.InvariantCulture, $"call_function_{_items.Count}");
            AddFunction(_lastFunction, function);
        }
    }

    private void AddCall(JsonElement call, List<ReasoningItem> reasoning)
    {
        var id = call.Text("id") ?? "";
        _items.AddRange(reasoning.Where(item => string.Equals(item.Before, id, StringComparison.Ordinal)).Select(static item => item.Write));
        if (call.Find("custom") is { } custom)
        {
            _custom.Add(id);
            _items.Add(writer =>
            {
                writer.WriteString("type", "custom_tool_call");
                writer.WriteString("call_id", id);
                writer.WriteString("name", custom.Text("name"));
                writer.WriteString("input", custom.Text("input") ?? "");
            });
            return;
        }

        AddFunction(id, call.Find("function") ?? default);
    }

    private void AddFunction(string id, JsonElement function) => _items.Add(writer =>
    {
        writer.WriteString("type", "function_call");
        writer.WriteString("call_id", id);
        writer.WriteString("name", function.Text("name"));
        writer.WriteString("arguments", function.Find("arguments") switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } said ? said : "{}",
            { } value => value.GetRawText(),
            null => "{}",
        });
    });

    private void AddResult(JsonElement message, string? id, string path)
    {
        if (string.IsNullOrEmpty(id))
        {
            throw new RequestRefusedException($"'{path}' has no tool_call_id.", $"{path}.tool_call_id");
        }

        var parts = InputParts.Of(message, "input_text", path);
        if (message.IsTrue("is_error"))
        {
            parts.Insert(0, static writer =>
            {
                writer.WriteString("type", "input_text");
                writer.WriteString("text", "Error: ");
            });
        }

        _items.Add(writer =>
        {
            writer.WriteString("type", _custom.Contains(id) ? "custom_tool_call_output" : "function_call_output");
            writer.WriteString("call_id", id);
            if (message.Text("content") is { } text)
            {
                writer.WriteString("output", message.IsTrue("is_error") ? "Error: " + text : text);
            }
            else
            {
                InputParts.Write(writer, "output", parts);
            }
        });
    }
}
