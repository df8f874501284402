using System.Text.Json;
using Infermux.Providers.Json;

namespace Infermux.Providers.OpenAi;

/// <content>The tool calls of a choice; they are mended once all of it was read.</content>
internal ref partial struct AnswerScan
{
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
}
