using System.Text.Json;
using Infermux.Providers.Json;

namespace Infermux.Providers.OpenAi;

/// <content>What a choice holds: its message, its text, how it finished, and what is mended there.</content>
internal ref partial struct AnswerScan
{
    private const int MaxChoices = 256;
    private static readonly ReadOnlyMemory<byte> EmptyMessage = "\"message\":{\"role\":\"assistant\",\"content\":\"\"},"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> FinishedByCalls = "\"tool_calls\""u8.ToArray();

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
