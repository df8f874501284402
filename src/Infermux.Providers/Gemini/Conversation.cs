using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>
/// A chat message list as Gemini takes it: leading instructions apart, turns that begin and end with the user and are never empty, all results of one model
/// turn in one content of their own right after it, in the order of the calls and by the functions' names.
/// </summary>
internal sealed class Conversation
{
    // Put where Gemini wants a user's turn and chat does not: before a leading assistant message, and after a last one.
    private const string Continue = "Continue.";

    private readonly AttemptTarget _target;
    private readonly ModelTraits _traits;
    private readonly List<Part> _system = [];
    private readonly List<Turn> _turns = [];
    private readonly SortedList<int, Part> _results = [];
    private readonly List<Part> _user = [];
    private readonly List<Part> _model = [];
    private readonly OrderedDictionary<string, AwaitedCall> _awaited = new(StringComparer.Ordinal); // by the caller's id
    private int _calls;
    private string? _lastFunction;

    private Conversation(AttemptTarget target, ModelTraits traits) => (_target, _traits) = (target, traits);

    /// <summary>Leading instructions, one part each; empty where the model takes none apart.</summary>
    public IReadOnlyList<Part> System => _system;

    /// <summary>The turns.</summary>
    public IReadOnlyList<Turn> Turns => _turns;

    /// <summary>Whether a message carried a <c>name</c>, which Gemini does not have.</summary>
    public bool HadNames { get; private set; }

    /// <summary>Whether a message or part carried a cache mark; Gemini finds what is repeated by itself.</summary>
    public bool HadCacheMarks { get; private set; }

    /// <summary>Whether opaque reasoning of another maker was left out.</summary>
    public bool LostReasoning { get; private set; }

    /// <summary>Reads <c>messages</c>.</summary>
    /// <exception cref="RequestRefusedException">The list cannot be said to Gemini, or is none.</exception>
    public static Conversation Read(JsonElement request, AttemptTarget target, ModelTraits traits)
    {
        if (request.Find("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
        {
            throw new RequestRefusedException("'messages' must be a list with at least one message.", "messages");
        }

        var conversation = new Conversation(target, traits);
        var n = 0;
        foreach (var message in messages.EnumerateArray())
        {
            conversation.Add(message, string.Create(CultureInfo.InvariantCulture, $"messages[{n++}]"));
        }

        conversation.CloseModel();
        conversation.CloseUser();
        conversation.EndWithUser();
        conversation.PlaceSystem();
        return conversation;
    }

    /// <summary>Adds an instruction after the caller's.</summary>
    public void Instruct(string text)
    {
        _system.Add(Part.OfText(text));
        PlaceSystem();
    }

    private void Add(JsonElement message, string path)
    {
        HadNames |= message.Text("role") is not "function" && message.Text("name") is not null;
        HadCacheMarks |= message.Find("cache_control") is not null || message.List("content").Any(static part => part.Find("cache_control") is not null);
        switch (message.Text("role"))
        {
            case "system" or "developer":
                AddSystem(Parts.Of(message, path));
                break;
            case "user":
                CloseModel();
                var parts = Parts.Of(message, path);
                _user.AddRange(parts.Count > 0 ? parts : throw new RequestRefusedException($"'{path}' has no content.", $"{path}.content"));
                break;
            case "assistant":
                CloseUser();
                AddModel(message, path);
                break;
            case "tool":
                AddResult(message, message.Text("tool_call_id"), path);
                break;
            case "function":
                AddResult(message, _lastFunction, path);
                break;
            case var role:
                throw new RequestRefusedException(
                    $"'{path}.role' is '{role}'; use system, developer, user, assistant or tool.", $"{path}.role");
        }
    }

    private void AddSystem(List<Part> parts)
    {
        CloseModel();
        var begun = _turns.Count > 0 || _user.Count > 0 || _results.Count > 0;
        if (begun)
        {
            _user.AddRange(parts.Select(static part => Part.OfText($"<system>\n{part.Value}\n</system>")));
        }
        else
        {
            _system.AddRange(parts);
        }
    }

    private void AddModel(JsonElement message, string path)
    {
        var signatures = ThoughtSignatures.Read(message, _target);
        LostReasoning |= signatures.Lost;
        AddText(message, path, signatures);
        var n = 0;
        foreach (var call in message.List("tool_calls"))
        {
            AddCall(call, string.Create(CultureInfo.InvariantCulture, $"{path}.tool_calls[{n++}]"), signatures);
        }

        if (message.Find("function_call") is { } function)
        {
            _lastFunction = string.Create(CultureInfo.InvariantCulture, $"call_function_{_turns.Count}");
            AddCall(_lastFunction, function, $"{path}.function_call", signatures);
        }
    }

    // A signature that came with text, or alone at the end of a stream, goes back on the last text, else on an empty one.
    private void AddText(JsonElement message, string path, ThoughtSignatures signatures)
    {
        var parts = Parts.Of(message, path);
        if (message.Text("refusal") is { Length: > 0 } refusal)
        {
            parts.Add(Part.OfText(refusal));
        }

        foreach (var signature in signatures.OfText)
        {
            if (parts is [.., { Kind: PartKind.Text, Signature: null } last])
            {
                parts[^1] = last with { Signature = signature };
            }
            else
            {
                parts.Add(Part.OfText("") with { Signature = signature });
            }
        }

        _model.AddRange(parts);
    }

    private void AddCall(JsonElement call, string path, ThoughtSignatures signatures)
    {
        if (call.Find("function") is not { } function)
        {
            throw new RequestRefusedException($"'{path}' is no function call; only those can be sent to Gemini.", path, "unsupported");
        }

        AddCall(call.Text("id"), function, path, signatures);
    }

    private void AddCall(string? id, JsonElement function, string path, ThoughtSignatures signatures)
    {
        if (string.IsNullOrEmpty(id) || function.Text("name") is not { Length: > 0 } name)
        {
            throw new RequestRefusedException($"'{path}' needs an id and a function name.", path);
        }

        var arguments = ToolArguments.Read(function.Find("arguments"), path);
        if (!_awaited.TryAdd(id, new AwaitedCall(name, path, _calls++)))
        {
            throw new RequestRefusedException($"'{path}.id' repeats the id '{id}' of the same turn.", $"{path}.id");
        }

        _model.Add(new Part(PartKind.Call, writer =>
        {
            writer.WriteStartObject("functionCall");
            writer.WriteString("id", id);
            writer.WriteString("name", name);
            writer.WritePropertyName("args");
            writer.WriteRawValue(arguments, skipInputValidation: true);
            writer.WriteEndObject();
        })
        {
            Signature = signatures.OfCall(id),
        });
    }

    private void AddResult(JsonElement message, string? id, string path)
    {
        CloseModel();
        if (id is null || !_awaited.Remove(id, out var call))
        {
            throw new RequestRefusedException(
                $"'{path}' answers no tool call of the assistant message before it (tool_call_id '{id}').", $"{path}.tool_call_id");
        }

        var parts = Parts.Of(message, path);
        var text = string.Join('\n', parts.Select(static part => part.Value).OfType<string>());
        _results.Add(call.Order, ToolResult.Of(id, call.Name, text, message.IsTrue("is_error")));
        _user.AddRange(parts.Where(static part => part.Kind == PartKind.Media));
    }

    private void CloseModel()
    {
        if (_model.Count == 0)
        {
            return;
        }

        // Calls end a turn, whatever order its messages had.
        List<Part> parts = [.. _model.OrderBy(static part => part.Kind == PartKind.Call)];
        _model.Clear();
        var first = parts.FindIndex(static part => part.Kind == PartKind.Call);
        if (_traits.SignedCalls && first >= 0 && parts[first].Signature is null)
        {
            parts[first] = parts[first] with { Signature = ThoughtSignatures.Skip };
        }

        if (_turns.Count == 0)
        {
            _turns.Add(new Turn("user", [Part.OfText(Continue)]));
        }

        AddTurn(new Turn("model", parts));
    }

    private void CloseUser()
    {
        if (_awaited.Count > 0)
        {
            var (id, call) = _awaited.GetAt(0);
            throw new RequestRefusedException($"'{call.Path}' has no result: a message of role 'tool' with its id ('{id}') must follow.", call.Path);
        }

        if (_results.Count > 0)
        {
            AddTurn(new Turn("user", [.. _results.Values]));
            _results.Clear();
        }

        if (_user.Count > 0)
        {
            AddTurn(new Turn("user", [.. _user]));
            _user.Clear();
        }
    }

    // Two turns of one role meet where a message between them had nothing to say. Results stay alone.
    private void AddTurn(Turn turn)
    {
        if (_turns is [.., var last] && string.Equals(last.Role, turn.Role, StringComparison.Ordinal) && !last.IsResults)
        {
            _turns[^1] = last with { Parts = [.. last.Parts, .. turn.Parts] };
        }
        else
        {
            _turns.Add(turn);
        }
    }

    // The first turn is always a user's own.
    private void PlaceSystem()
    {
        if (!_traits.SystemInstruction && _system.Count > 0)
        {
            _turns[0] = _turns[0] with { Parts = [.. _system, .. _turns[0].Parts] };
            _system.Clear();
        }
    }

    private void EndWithUser()
    {
        if (_turns is [] or [.., { Role: "model" }])
        {
            _turns.Add(new Turn("user", [Part.OfText(Continue)]));
        }
    }
}
