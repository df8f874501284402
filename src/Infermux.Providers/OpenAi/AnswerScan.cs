using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Json;

namespace Infermux.Providers.OpenAi;

/// <summary>
/// One pass over one JSON text of an OpenAI answer. It finds what it holds and notes the edits that make it the caller's: model name, broken tool calls, a
/// missing message. The usage member is left to whoever asked for the scan.
/// </summary>
internal ref struct AnswerScan
{
    private const int MaxDepth = 512; // answers nest schemas and logprobs, never this deep
    private const int MaxChoices = 256;
    private static readonly ReadOnlyMemory<byte> EmptyMessage = "\"message\":{\"role\":\"assistant\",\"content\":\"\"},"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> FinishedByCalls = "\"tool_calls\""u8.ToArray();

    private readonly ReadOnlySpan<byte> _json;
    private readonly ReadOnlyMemory<byte> _model;
    private readonly bool _isChunk;
    private readonly bool _hasChoices;
    private readonly bool _needsMessage;
    private readonly ToolCallRepair _repair;
    private readonly List<ChoiceState> _choices;
    private readonly JsonEdits _edits;
    private Utf8JsonReader _reader;
    private List<ToolCall>? _calls;

    /// <summary>Prepares a scan.</summary>
    /// <param name="json">The text.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="isChunk">A chunk of a stream, not a whole answer.</param>
    /// <param name="model">The caller's model name as JSON, quotes included.</param>
    /// <param name="repair">Mends tool calls.</param>
    /// <param name="choices">What was seen of each choice before; updated.</param>
    /// <param name="edits">Receives the edits.</param>
    public AnswerScan(
        ReadOnlySpan<byte> json, Operation operation, bool isChunk, ReadOnlyMemory<byte> model, ToolCallRepair repair, List<ChoiceState> choices, JsonEdits edits)
    {
        _json = json;
        _isChunk = isChunk;
        _model = model;
        _repair = repair;
        _choices = choices;
        _edits = edits;
        _needsMessage = !isChunk && operation == Operation.ChatCompletions;
        _hasChoices = operation != Operation.Embeddings;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>What was found.</summary>
    public AnswerMarks Marks { get; private set; }

    /// <summary>Usage, of whichever member had it.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary><c>usage</c>'s value.</summary>
    public ByteRange UsageValue { get; private set; }

    /// <summary>What to cut to remove <c>usage</c> with its comma.</summary>
    public ByteRange UsageMember { get; private set; }

    /// <summary><c>service_tier</c>'s text; empty where there is none.</summary>
    public ReadOnlySpan<byte> ServiceTier { get; private set; }

    /// <summary><c>id</c>'s value.</summary>
    public ByteRange Id { get; private set; }

    /// <summary><c>created</c>'s value.</summary>
    public ByteRange Created { get; private set; }

    /// <summary>Characters of output.</summary>
    public long Characters { get; private set; }

    private readonly ReadOnlySpan<byte> ListName => _hasChoices ? "choices"u8 : "data"u8;

    /// <summary>Scans. False where the text is no JSON object.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool Run()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var members = new MemberCursor((int)_reader.BytesConsumed);
        var hasModel = false;
        while (members.Next(ref _reader))
        {
            hasModel |= _reader.ValueTextEquals("model"u8);
            ReadMember(ref members);
        }

        UsageMember = members.Cut(UsageMember);
        if (!hasModel && members.Any)
        {
            _edits.Add(members.First, 0, ModelMember());
        }

        return true;
    }

    private readonly byte[] ModelMember() => [.. "\"model\":"u8, .. _model.Span, (byte)','];

    private void ReadMember(ref MemberCursor members)
    {
        if (_reader.ValueTextEquals("model"u8))
        {
            _reader.Read();
            ReplaceModel();
        }
        else if (_reader.ValueTextEquals(ListName))
        {
            _reader.Read();
            ReadList();
        }
        else if (_reader.ValueTextEquals("usage"u8))
        {
            _reader.Read();
            ReadUsage(ref members);
        }
        else if (_reader.ValueTextEquals("id"u8))
        {
            _reader.Read();
            Id = Value();
        }
        else if (_reader.ValueTextEquals("created"u8))
        {
            _reader.Read();
            Created = Value();
        }
        else
        {
            ReadRareMember();
        }
    }

    private void ReadRareMember()
    {
        if (_reader.ValueTextEquals("error"u8))
        {
            _reader.Read();
            Marks |= IsTruthy() ? AnswerMarks.Error : AnswerMarks.None;
        }
        else if (_reader.ValueTextEquals("service_tier"u8))
        {
            _reader.Read();
            ServiceTier = _reader.TokenType == JsonTokenType.String ? _reader.ValueSpan : default;
        }
        else if (_reader.ValueTextEquals("x_groq"u8))
        {
            _reader.Read();
            ReadGroq();
        }
        else
        {
            Marks |= _reader.ValueTextEquals("moderation"u8) ? AnswerMarks.Moderation : AnswerMarks.None;
            _reader.Read();
        }

        _reader.Skip();
    }

    private readonly bool IsTruthy() => _reader.TokenType switch
    {
        JsonTokenType.Null or JsonTokenType.False => false,
        JsonTokenType.String => _reader.ValueSpan.Length > 0,
        _ => true,
    };

    private void ReplaceModel()
    {
        var range = Value();
        if (!_json.Slice(range.Start, range.Length).SequenceEqual(_model.Span))
        {
            _edits.Replace(range, _model);
        }
    }

    private void ReadUsage(ref MemberCursor members)
    {
        var start = (int)_reader.TokenStartIndex;
        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            Usage = UsageReader.Read(ref _reader) ?? Usage;
        }
        else
        {
            _reader.Skip();
        }

        UsageValue = new ByteRange(start, (int)_reader.BytesConsumed - start);
        UsageMember = members.Member(_reader);
    }

    /// <summary>Groq's own member: usage for those who did not ask, and a failure.</summary>
    private void ReadGroq()
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = _reader.ValueTextEquals("usage"u8);
            var isError = _reader.ValueTextEquals("error"u8);
            _reader.Read();
            Marks |= isError && IsTruthy() ? AnswerMarks.Error : AnswerMarks.None;
            if (isUsage && Usage is null && _reader.TokenType == JsonTokenType.StartObject)
            {
                Usage = UsageReader.Read(ref _reader);
            }

            _reader.Skip();
        }
    }

    private void ReadList()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            _reader.Skip();
            return;
        }

        Marks |= AnswerMarks.List;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            Marks |= AnswerMarks.Filled;
            if (_reader.TokenType == JsonTokenType.StartObject && _hasChoices)
            {
                ReadChoice();
            }
            else
            {
                _reader.Skip();
            }
        }
    }

    private void ReadChoice()
    {
        var found = default(Choice);
        found.InsertAt = (int)_reader.BytesConsumed;
        _calls?.Clear();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadChoiceMember(ref found);
        }

        if (FindChoice(found.Index) is { } choice)
        {
            Finish(found, choice);
        }
    }

    private void ReadChoiceMember(ref Choice found)
    {
        if (_reader.ValueTextEquals("delta"u8) || _reader.ValueTextEquals("message"u8))
        {
            _reader.Read();
            found.HasMessage |= _reader.TokenType == JsonTokenType.StartObject;
            found.NullMessage = _reader.TokenType == JsonTokenType.Null ? Value() : default;
            found.HasContent |= ReadMessage();
        }
        else if (_reader.ValueTextEquals("index"u8))
        {
            _reader.Read();
            found.Index = _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out var index) ? index : 0;
        }
        else if (_reader.ValueTextEquals("finish_reason"u8))
        {
            _reader.Read();
            found.Finish = Value();
            ReadFinish(ref found);
        }
        else if (_reader.ValueTextEquals("text"u8))
        {
            _reader.Read();
            found.HasContent |= CountText();
        }
        else
        {
            var isError = _reader.ValueTextEquals("error"u8);
            _reader.Read();
            Marks |= isError && IsTruthy() ? AnswerMarks.Error : AnswerMarks.None;
            _reader.Skip();
        }

        found.HasMembers = true;
    }

    private void ReadFinish(ref Choice found)
    {
        if (_reader.TokenType == JsonTokenType.String && _reader.ValueSpan.Length > 0)
        {
            found.IsFinished = true;
            Marks |= AnswerMarks.Finish;
            Marks |= _reader.ValueTextEquals("error"u8) ? AnswerMarks.FinishFault : AnswerMarks.None;
            Marks |= _reader.ValueTextEquals("insufficient_system_resource"u8) ? AnswerMarks.FinishOverloaded : AnswerMarks.None;
        }

        _reader.Skip();
    }

    private readonly ChoiceState? FindChoice(int index)
    {
        foreach (var choice in _choices)
        {
            if (choice.Index == index)
            {
                return choice;
            }
        }

        if (_choices.Count == MaxChoices)
        {
            return null;
        }

        var added = new ChoiceState(index);
        _choices.Add(added);
        return added;
    }

    private void Finish(in Choice found, ChoiceState choice)
    {
        for (var i = 0; i < _calls?.Count; i++)
        {
            var call = _calls[i];
            if (_isChunk)
            {
                _repair.MendDelta(call, _json, choice, _edits);
            }
            else
            {
                _repair.MendWhole(call, _json, choice, _edits);
            }
        }

        choice.HasContent |= found.HasContent;
        choice.Finished |= found.IsFinished;
        Marks |= found.HasContent ? AnswerMarks.Content : AnswerMarks.None;
        if (_needsMessage)
        {
            MendWholeChoice(found, choice);
        }
    }

    private readonly void MendWholeChoice(in Choice found, ChoiceState choice)
    {
        if (found.NullMessage.Exists)
        {
            _edits.Replace(found.NullMessage, EmptyMessage[10..^1]);
        }
        else if (!found.HasMessage && found.HasMembers)
        {
            _edits.Add(found.InsertAt, 0, EmptyMessage);
        }

        if (found.Finish.Exists && !found.IsFinished && choice.HasCalls)
        {
            _edits.Replace(found.Finish, FinishedByCalls);
        }
    }

    /// <summary>A delta or a message: whether it holds content.</summary>
    private bool ReadMessage()
    {
        var any = false;
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return false;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            any |= ReadMessageMember();
        }

        return any;
    }

    private bool ReadMessageMember()
    {
        if (_reader.ValueTextEquals("content"u8) || _reader.ValueTextEquals("reasoning_content"u8) || _reader.ValueTextEquals("reasoning"u8)
            || _reader.ValueTextEquals("refusal"u8))
        {
            _reader.Read();
            return CountText();
        }

        if (_reader.ValueTextEquals("tool_calls"u8))
        {
            _reader.Read();
            return ReadCalls();
        }

        var counts = _reader.ValueTextEquals("function_call"u8) || _reader.ValueTextEquals("audio"u8) || _reader.ValueTextEquals("reasoning_details"u8);
        _reader.Read();
        if (counts)
        {
            return CountText();
        }

        _reader.Skip();
        return false;
    }

    /// <summary>A text, or whatever holds texts: whether there was any character.</summary>
    private bool CountText()
    {
        var before = Characters;
        if (_reader.TokenType == JsonTokenType.String)
        {
            Characters += JsonText.CharCount(_reader.ValueSpan, _reader.ValueIsEscaped);
        }
        else if (_reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            CountTexts();
        }

        return Characters > before;
    }

    private void CountTexts()
    {
        var depth = _reader.CurrentDepth;
        var counts = true;
        while (_reader.Read() && _reader.CurrentDepth > depth)
        {
            if (_reader.TokenType == JsonTokenType.PropertyName)
            {
                counts = !_reader.ValueTextEquals("type"u8) && !_reader.ValueTextEquals("id"u8);
            }
            else if (_reader.TokenType == JsonTokenType.String && counts)
            {
                Characters += JsonText.CharCount(_reader.ValueSpan, _reader.ValueIsEscaped);
            }
        }
    }

    private bool ReadCalls()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            _reader.Skip();
            return false;
        }

        var any = false;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            any = true;
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                (_calls ??= []).Add(ReadCall());
            }
            else
            {
                _reader.Skip();
            }
        }

        return any;
    }

    private ToolCall ReadCall()
    {
        var call = new ToolCall();
        var members = new MemberCursor((int)_reader.BytesConsumed);
        while (members.Next(ref _reader))
        {
            ReadCallMember(ref call, ref members);
        }

        call.InsertAt = members.First;
        call.HasMembers = members.Any;
        call.IdMember = members.Cut(call.IdMember);
        return call;
    }

    private void ReadCallMember(ref ToolCall call, ref MemberCursor members)
    {
        if (_reader.ValueTextEquals("index"u8))
        {
            _reader.Read();
            call.HasIndex = _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out call.Index);
            call.IndexValue = Value();
        }
        else if (_reader.ValueTextEquals("id"u8))
        {
            _reader.Read();
            call.HasId = _reader.TokenType == JsonTokenType.String && _reader.ValueSpan.Length > 0;
            call.IdValue = Value();
            call.IdMember = members.Member(_reader);
        }
        else if (_reader.ValueTextEquals("function"u8))
        {
            _reader.Read();
            ReadFunction(ref call);
        }
        else
        {
            var isCustom = _reader.ValueTextEquals("custom"u8);
            _reader.Read();
            if (isCustom)
            {
                CountText();
            }

            _reader.Skip();
        }
    }

    private void ReadFunction(ref ToolCall call)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return;
        }

        var members = new MemberCursor((int)_reader.BytesConsumed);
        while (members.Next(ref _reader))
        {
            if (_reader.ValueTextEquals("name"u8))
            {
                _reader.Read();
                call.HasName = CountText();
                call.NameMember = members.Member(_reader);
            }
            else if (_reader.ValueTextEquals("arguments"u8))
            {
                _reader.Read();
                call.ArgumentsKind = _reader.TokenType;
                var start = (int)_reader.TokenStartIndex;
                CountText();
                call.ArgumentsValue = new ByteRange(start, (int)_reader.BytesConsumed - start);
            }
            else
            {
                _reader.Read();
                _reader.Skip();
            }
        }

        call.NameMember = members.Cut(call.NameMember);
    }

    /// <summary>The value the reader stands on, passed to its end.</summary>
    private ByteRange Value()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return new ByteRange(start, (int)_reader.BytesConsumed - start);
    }

    private struct Choice
    {
        public int Index;
        public int InsertAt;
        public bool HasMembers;
        public bool HasMessage;
        public bool HasContent;
        public bool IsFinished;
        public ByteRange Finish;
        public ByteRange NullMessage;
    }
}
