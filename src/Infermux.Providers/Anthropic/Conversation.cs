using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// An OpenAI message list as Anthropic and Bedrock take it: leading instructions apart, turns that alternate, begin with the user and are never empty, and all
/// results of one assistant turn together at the start of the message that follows it.
/// </summary>
internal sealed class Conversation
{
    // Put where Anthropic wants a user's message and OpenAI does not: before a leading assistant message, and after a last one that the model may not continue.
    private const string Continue = "Continue.";

    private readonly ModelTraits _traits;
    private readonly IMessageForm _form;
    private readonly List<Block> _system = [];
    private readonly List<Turn> _turns = [];
    private readonly List<Block> _results = [];
    private readonly List<Block> _user = [];
    private readonly List<Block> _assistant = [];
    private readonly OrderedDictionary<string, (string Sent, string Path)> _awaited = new(StringComparer.Ordinal); // by the caller's id
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private string? _lastFunction;

    private Conversation(ModelTraits traits, IMessageForm form) => (_traits, _form) = (traits, form);

    /// <summary>Leading instructions, one block each.</summary>
    public IReadOnlyList<Block> System => _system;

    /// <summary>The turns.</summary>
    public IReadOnlyList<Turn> Turns => _turns;

    /// <summary>Whether a message carried a <c>name</c>, which Anthropic does not have.</summary>
    public bool HadNames { get; private set; }

    /// <summary>Whether the last turn brings results of tools.</summary>
    public bool EndsWithResults => _turns is [.., { Role: "user" } last] && last.Blocks[0].Kind == BlockKind.ToolResult;

    /// <summary>Whether the model may think on: the turn whose calls were just answered, if any, begins with its own signed thinking.</summary>
    public bool ThinkingGoesOn => !EndsWithResults || (_turns is [.., { Role: "assistant" } asked, _] && asked.Blocks[0].Kind == BlockKind.Thinking);

    /// <summary>Whether reasoning was left out because it is another maker's, or because nothing followed it.</summary>
    public bool LostReasoning { get; private set; }

    /// <summary>Whether the last turn is the assistant's, which the model would continue.</summary>
    public bool EndsWithAssistant => _turns is [.., { Role: "assistant" }];

    /// <summary>Reads <c>messages</c>.</summary>
    /// <exception cref="RequestRefusedException">The list cannot be said in this dialect, or is none.</exception>
    public static Conversation Read(JsonElement request, ModelTraits traits, IMessageForm form)
    {
        if (request.Find("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
        {
            throw new RequestRefusedException("'messages' must be a list with at least one message.", "messages");
        }

        var conversation = new Conversation(traits, form);
        var n = 0;
        foreach (var message in messages.EnumerateArray())
        {
            conversation.Add(message, string.Create(CultureInfo.InvariantCulture, $"messages[{n++}]"));
        }

        conversation.CloseAssistant();
        conversation.CloseUser();
        if (conversation._turns.Count == 0)
        {
            conversation.Begin();
        }

        return conversation;
    }

    /// <summary>Ends with the user, so that the model answers and does not continue.</summary>
    public void EndWithUser()
    {
        if (EndsWithAssistant)
        {
            _turns.Add(new Turn("user", [Block.OfText(Continue)]));
        }
    }

    /// <summary>Takes blanks off the end of a last assistant text, which Anthropic refuses.</summary>
    public void TrimPrefill()
    {
        if (_turns is [.., { Role: "assistant" } last] && last.Blocks[^1] is { Value: { } text } block)
        {
            _turns[^1] = last with { Blocks = [.. last.Blocks.SkipLast(1), Block.OfText(text.TrimEnd(), block.CacheControl)] };
        }
    }

    private void Add(JsonElement message, string path)
    {
        HadNames |= message.Text("role") is not "function" && message.Text("name") is not null;
        switch (message.Text("role"))
        {
            case "system" or "developer":
                AddSystem(_form.Parts(message, path));
                break;
            case "user":
                CloseAssistant();
                var blocks = _form.Parts(message, path);
                _user.AddRange(blocks.Count > 0 ? blocks : throw new RequestRefusedException($"'{path}' has no content.", $"{path}.content"));
                break;
            case "assistant":
                CloseUser();
                AddAssistant(message, path);
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

    private void AddSystem(List<Block> blocks)
    {
        CloseAssistant();
        var begun = _turns.Count > 0 || _user.Count > 0 || _results.Count > 0;
        if (!begun)
        {
            _system.AddRange(blocks);
        }
        else if (_traits.SystemInside && _awaited.Count == 0 && _user.Count + _results.Count > 0 && blocks.Count > 0)
        {
            CloseUser();
            _turns.Add(new Turn("system", blocks));
        }
        else
        {
            _user.AddRange(blocks.Select(static block => Block.OfText($"<system>\n{block.Value}\n</system>", block.CacheControl)));
        }
    }

    private void AddAssistant(JsonElement message, string path)
    {
        _assistant.AddRange(_form.Reasoning(message, out var lost));
        LostReasoning |= lost;
        _assistant.AddRange(_form.Parts(message, path));
        if (message.Text("refusal") is { } refusal && !string.IsNullOrWhiteSpace(refusal))
        {
            _assistant.Add(Block.OfText(refusal));
        }

        var n = 0;
        foreach (var call in message.List("tool_calls"))
        {
            AddCall(call, string.Create(CultureInfo.InvariantCulture, $"{path}.tool_calls[{n++}]"));
        }

        if (message.Find("function_call") is { } function)
        {
            _lastFunction = string.Create(CultureInfo.InvariantCulture, $"call_function_{_turns.Count}");
            AddCall(_lastFunction, function, $"{path}.function_call");
        }
    }

    private void AddCall(JsonElement call, string path)
    {
        if (call.Find("function") is not { } function)
        {
            throw new RequestRefusedException($"'{path}' is no function call; only those can be sent to this provider.", path, "unsupported");
        }

        AddCall(call.Text("id"), function, path);
    }

    private void AddCall(string? id, JsonElement function, string path)
    {
        if (string.IsNullOrEmpty(id) || function.Text("name") is not { Length: > 0 } name)
        {
            throw new RequestRefusedException($"'{path}' needs an id and a function name.", path);
        }

        var input = ToolArguments.Read(function.Find("arguments"), path);
        var sent = Unused(id);
        if (!_awaited.TryAdd(id, (sent, path)))
        {
            throw new RequestRefusedException($"'{path}.id' repeats the id '{id}' of the same turn.", $"{path}.id");
        }

        _assistant.Add(_form.Call(sent, name, input));
    }

    // Some clients count their calls anew in each turn; Anthropic wants every id of a conversation once.
    private string Unused(string id)
    {
        var sent = ToolIds.ToAnthropic(id);
        for (var n = 2; !_used.Add(sent); n++)
        {
            sent = ToolIds.ToAnthropic(string.Create(CultureInfo.InvariantCulture, $"{id}#{n}"));
        }

        return sent;
    }

    private void AddResult(JsonElement message, string? id, string path)
    {
        CloseAssistant();
        if (id is null || !_awaited.Remove(id, out var call))
        {
            throw new RequestRefusedException(
                $"'{path}' answers no tool call of the assistant message before it (tool_call_id '{id}').", $"{path}.tool_call_id");
        }

        var content = _form.Parts(message, path);
        _results.Add(_form.Result(call.Sent, content, message.IsTrue("is_error")) with { CacheControl = content.Count > 0 ? content[^1].CacheControl : null });
    }

    private void CloseAssistant()
    {
        if (_assistant.TrueForAll(static block => block.Kind == BlockKind.Thinking))
        {
            LostReasoning |= _assistant.Count > 0; // a turn does not end with thinking
            _assistant.Clear();
        }

        if (_assistant.Count > 0)
        {
            if (_turns.Count == 0)
            {
                Begin();
            }

            // Thinking begins an assistant turn and calls end it, whatever order its messages had.
            AddTurn(new Turn("assistant", [.. _assistant.OrderBy(static block => block.Kind switch { BlockKind.Thinking => 0, BlockKind.ToolUse => 2, _ => 1 })]));
            _assistant.Clear();
        }
    }

    private void CloseUser()
    {
        if (_awaited.Count > 0)
        {
            var (id, call) = _awaited.GetAt(0);
            throw new RequestRefusedException($"'{call.Path}' has no result: a message of role 'tool' with its id ('{id}') must follow.", call.Path);
        }

        if (_results.Count + _user.Count > 0)
        {
            AddTurn(new Turn("user", [.. _results, .. _user]));
            _results.Clear();
            _user.Clear();
        }
    }

    // Two turns of one role meet where a message between them had nothing to say.
    private void AddTurn(Turn turn)
    {
        if (_turns is [.., var last] && string.Equals(last.Role, turn.Role, StringComparison.Ordinal))
        {
            _turns[^1] = last with { Blocks = [.. last.Blocks, .. turn.Blocks] };
        }
        else
        {
            _turns.Add(turn);
        }
    }

    private void Begin() => _turns.Add(new Turn("user", [Block.OfText(Continue)]));
}
