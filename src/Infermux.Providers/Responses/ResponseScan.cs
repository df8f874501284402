using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses;

/// <summary>
/// One pass over one JSON text of a Responses answer: a whole <c>response</c>, or an event. It finds what it holds and notes the edits that make it the
/// caller's: the model name, and the maker's mark on opaque values.
/// </summary>
internal ref struct ResponseScan
{
    private const int MaxDepth = 512;

    private readonly AttemptTarget _target;
    private readonly ReadOnlyMemory<byte> _model;
    private readonly JsonEdits _edits;
    private Utf8JsonReader _reader;

    /// <summary>Prepares a scan.</summary>
    /// <param name="json">The text.</param>
    /// <param name="target">Who answered.</param>
    /// <param name="model">The caller's model name as JSON, quotes included.</param>
    /// <param name="edits">Receives the edits.</param>
    public ResponseScan(ReadOnlySpan<byte> json, AttemptTarget target, ReadOnlyMemory<byte> model, JsonEdits edits)
    {
        (_target, _model, _edits) = (target, model, edits);
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>The event's <c>type</c>; empty for a whole response.</summary>
    public ReadOnlySpan<byte> Type { get; private set; }

    /// <summary>The <c>type</c> of an event's item; empty where there is none.</summary>
    public ReadOnlySpan<byte> ItemType { get; private set; }

    /// <summary>The response's <c>status</c>.</summary>
    public string? Status { get; private set; }

    /// <summary>The response's <c>id</c>.</summary>
    public string? Id { get; private set; }

    /// <summary>Whether there is an <c>error</c> that is not null.</summary>
    public bool HasError { get; private set; }

    /// <summary>Whether there is an <c>output</c>.</summary>
    public bool HasOutput { get; private set; }

    /// <summary>What the response says was used.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>The tier billed.</summary>
    public string? ServiceTier { get; private set; }

    /// <summary>Characters of output: a delta's, or in a whole response all of them.</summary>
    public long Characters { get; private set; }

    /// <summary>Scans an event. False where it is no JSON object.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool RunEvent()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.ValueTextEquals("type"u8))
            {
                _reader.Read();
                Type = _reader.TokenType == JsonTokenType.String ? _reader.ValueSpan : default;
            }
            else if (_reader.ValueTextEquals("response"u8))
            {
                _reader.Read();
                ReadResponse(counts: false);
            }
            else if (_reader.ValueTextEquals("item"u8))
            {
                _reader.Read();
                ReadItem(counts: false);
            }
            else if (_reader.ValueTextEquals("delta"u8))
            {
                _reader.Read();
                Count();
            }
            else
            {
                ReadError();
            }

            _reader.Skip();
        }

        return !_reader.Read(); // anything behind the object is no JSON, and would reach the caller
    }

    /// <summary>Scans a whole response. False where it is no JSON object.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool RunWhole() => _reader.Read() && ReadResponse(counts: true) && !_reader.Read();

    private bool ReadResponse(bool counts)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.ValueTextEquals("output"u8))
            {
                _reader.Read();
                ReadOutput(counts);
            }
            else if (_reader.ValueTextEquals("usage"u8))
            {
                _reader.Read();
                ReadUsage();
            }
            else
            {
                ReadWord();
            }

            _reader.Skip();
        }

        return true;
    }

    private void ReadWord()
    {
        if (_reader.ValueTextEquals("model"u8))
        {
            _reader.Read();
            _edits.Replace(Value(), _model);
        }
        else if (_reader.ValueTextEquals("status"u8))
        {
            _reader.Read();
            Status = Text();
        }
        else if (_reader.ValueTextEquals("id"u8))
        {
            _reader.Read();
            Id = Text();
        }
        else if (_reader.ValueTextEquals("service_tier"u8))
        {
            _reader.Read();
            ServiceTier = Text();
        }
        else
        {
            ReadError();
        }
    }

    private void ReadError()
    {
        var isError = _reader.ValueTextEquals("error"u8);
        _reader.Read();
        HasError |= isError && _reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
    }

    private void ReadOutput(bool counts)
    {
        HasOutput |= _reader.TokenType == JsonTokenType.StartArray;
        while (_reader.TokenType != JsonTokenType.Null && _reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            ReadItem(counts);
            _reader.Skip();
        }
    }

    /// <summary>An item of the output: its opaque value gets the maker's mark.</summary>
    private void ReadItem(bool counts)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isOpaque = _reader.ValueTextEquals("encrypted_content"u8);
            var isType = _reader.ValueTextEquals("type"u8);
            var isSaid = counts && IsSaid(_reader);
            _reader.Read();
            ItemType = isType && _reader.TokenType == JsonTokenType.String ? _reader.ValueSpan : ItemType;
            if (isOpaque && _reader.TokenType == JsonTokenType.String && _reader.ValueSpan.Length > 0)
            {
                _edits.Replace(Value(), JsonLiteral.Of(OpaqueMark.Add(_target, _reader.GetString()!)));
            }
            else if (isSaid)
            {
                CountTexts();
            }

            _reader.Skip();
        }
    }

    private static bool IsSaid(in Utf8JsonReader name) => name.ValueTextEquals("content"u8) || name.ValueTextEquals("summary"u8)
        || name.ValueTextEquals("arguments"u8) || name.ValueTextEquals("input"u8) || name.ValueTextEquals("output"u8) || name.ValueTextEquals("action"u8);

    /// <summary>A text, or whatever holds texts; what names things is left out.</summary>
    private void CountTexts()
    {
        Count();
        if (_reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }

        var depth = _reader.CurrentDepth;
        var isName = false;
        while (_reader.Read() && _reader.CurrentDepth > depth)
        {
            if (_reader.TokenType == JsonTokenType.PropertyName)
            {
                isName = _reader.ValueTextEquals("type"u8);
            }
            else if (!isName)
            {
                Count();
            }
        }
    }

    private void Count() =>
        Characters += _reader.TokenType == JsonTokenType.String ? JsonText.CharCount(_reader.ValueSpan, _reader.ValueIsEscaped) : 0;

    private void ReadUsage()
    {
        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            using var usage = JsonDocument.ParseValue(ref _reader);
            Usage = ResponsesUsage.Read(usage.RootElement) ?? Usage;
        }
    }

    private readonly string? Text() => _reader.TokenType == JsonTokenType.String ? _reader.GetString() : null;

    /// <summary>The value at hand, which the reader passes, whatever it is.</summary>
    private ByteRange Value()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return new ByteRange(start, (int)_reader.BytesConsumed - start);
    }
}
