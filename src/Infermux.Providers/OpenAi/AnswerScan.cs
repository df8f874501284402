using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Json;

namespace Infermux.Providers.OpenAi;

/// <summary>
/// One pass over one JSON text of an OpenAI answer. It finds what it holds and notes the edits that make it the caller's: model name, broken tool calls, a
/// missing message. The usage member is left to whoever asked for the scan.
/// </summary>
internal ref partial struct AnswerScan
{
    private const int MaxDepth = 512; // answers nest schemas and logprobs, never this deep

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

        return !_reader.Read(); // anything behind the object is no JSON, and would reach the caller
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

    /// <summary>The value the reader stands on, passed to its end.</summary>
    private ByteRange Value()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return new ByteRange(start, (int)_reader.BytesConsumed - start);
    }
}
