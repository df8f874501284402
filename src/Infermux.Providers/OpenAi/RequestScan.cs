using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.OpenAi;

/// <summary>One pass over one request body.</summary>
internal ref partial struct RequestScan
{
    private const long MostTokens = 1_000_000_000; // no model writes so much, and cap × choices stays far from overflow
    private const int MostChoices = 128; // OpenAI's own limit of n
    private const int MostMembers = 1_024;

    private readonly Operation _operation;
    private readonly ReadOnlySpan<byte> _body;
    private readonly int _maxDepth;
    private Utf8JsonReader _reader;
    private PromptCount _prompt;
    private BlockCount _blocks; // in its place for Anthropic's dialect

    private RequestKey _seen;
    private int _insertAt;
    private string? _model;
    private ByteRange _modelValue;
    private bool _stream;
    private bool _includeUsage;
    private ByteRange _streamOptions;
    private long? _maxTokens;
    private long? _maxCompletionTokens;
    private ByteRange _maxTokensValue;
    private ByteRange _maxCompletionTokensValue;
    private long _choices;
    private long _bestOf;
    private bool _tools;

    public RequestScan(Operation operation, ReadOnlySpan<byte> body, int maxDepth, string? modelOfPath)
    {
        _model = modelOfPath;
        _operation = operation;
        _body = body;
        _maxDepth = maxDepth;
        _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = maxDepth + 1 }); // one more, so that the refusal is ours
    }

    public RequestFacts Run()
    {
        Next();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw new RequestRefusedException("The body is not a JSON object. Send {\"model\": …}.");
        }

        _insertAt = (int)_reader.BytesConsumed;
        for (var members = 1; Next() && _reader.TokenType == JsonTokenType.PropertyName; members++)
        {
            if (members > MostMembers)
            {
                throw new RequestRefusedException($"The body has more than {MostMembers} fields. Send fewer.");
            }

            ReadMember(KeyOnce());
        }

        while (Next())
        {
            // nothing may follow the object; the reader throws where something does
        }

        return Facts();
    }

    private RequestKey KeyOnce()
    {
        var key = RequestKeys.Find(_reader);
        if (key != RequestKey.None && (_seen & key) != RequestKey.None)
        {
            throw new RequestRefusedException(
                $"The field '{RequestKeys.NameOf(key)}' is given twice, again at {RequestScanner.Position(_body, _reader.TokenStartIndex)}. Give it once.", RequestKeys.NameOf(key));
        }

        _seen |= key;
        return key;
    }

    private void ReadMember(RequestKey key)
    {
        Next();
        switch (key)
        {
            case RequestKey.Model:
                ReadModel();
                break;
            case RequestKey.Stream when _operation is not (Operation.CountTokens or Operation.Speech or Operation.Moderations or Operation.Rerank):
                _stream = Flag("stream");
                break;
            case RequestKey.StreamOptions when !IsMessages && !IsMetered:
                ReadStreamOptions();
                break;
            case RequestKey.MaxOutputTokens when _operation == Operation.Responses:
                _maxTokensValue = Scalar();
                _maxTokens = Whole("max_output_tokens", MostTokens);
                break;
            case RequestKey.MaxTokens when _operation is not (Operation.Embeddings or Operation.CountTokens or Operation.Responses) && !IsMetered:
                _maxTokensValue = Scalar();
                _maxTokens = Whole("max_tokens", MostTokens, least: _operation == Operation.Messages ? 0 : 1); // 0 only warms Anthropic's cache
                break;
            case RequestKey.MaxCompletionTokens when _operation == Operation.ChatCompletions:
                _maxCompletionTokensValue = Scalar();
                _maxCompletionTokens = Whole("max_completion_tokens", MostTokens);
                break;
            case RequestKey.N when _operation is Operation.ChatCompletions or Operation.Completions or Operation.ImageGenerations or Operation.ImageEdits:
                _choices = Whole("n", MostChoices) ?? 1;
                break;
            case RequestKey.BestOf when _operation == Operation.Completions:
                _bestOf = Whole("best_of", MostChoices) ?? 1;
                break;
            case RequestKey.Tools or RequestKey.Functions when _operation is Operation.ChatCompletions or Operation.Responses:
                ReadTools();
                break;
            case RequestKey.Messages when _operation == Operation.ChatCompletions:
                ReadMessages();
                break;
            case RequestKey.Prompt when _operation is Operation.Completions or Operation.ImageGenerations or Operation.ImageEdits:
            case RequestKey.Input when _operation is Operation.Embeddings or Operation.Speech or Operation.Moderations:
            case RequestKey.Instructions when _operation == Operation.Responses:
                ReadText();
                break;
            case RequestKey.Input when _operation == Operation.Responses:
                ReadItems();
                break;
            case RequestKey.Tools when IsMessages:
                ReadTools();
                break;
            case var _ when IsMessages:
                ReadBlocks(key);
                break;
            default:
                Pass();
                break;
        }
    }

    private void ReadModel()
    {
        if (_reader.TokenType != JsonTokenType.String)
        {
            throw Refused("model", "must be a string", "Name a model, such as \"gpt-4o\".");
        }

        _modelValue = Scalar();
        _model = _reader.GetString()!;
        if (!ModelText.IsName(_model))
        {
            throw Refused("model", ModelText.Rule, "Name a model, such as \"gpt-4o\".");
        }
    }

    /// <summary>The model that a path names, for a body that names none.</summary>
    private string OfPath()
    {
        Require(RequestKey.Model, _model is null);
        Require(RequestKey.Prompt, _operation == Operation.Completions);
        return ModelText.IsName(_model!)
            ? _model!
            : throw new RequestRefusedException($"The model in the path {ModelText.Rule}. Name a model, such as \"gpt-4o\".", "model");
    }

    private bool Flag(string name) => _reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw Refused(name, "must be true or false", "Write it without quotes."),
    };

    private long? Whole(string name, long most, long least = 1)
    {
        if (_reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var value) && value >= least && value <= most)
        {
            return value;
        }

        throw Refused(name, $"must be a whole number from {least} to {most}", "Leave it out for the provider's default.");
    }

    private void ReadStreamOptions()
    {
        var start = (int)_reader.TokenStartIndex;
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
        {
            throw Refused("stream_options", "must be an object", "Write {\"include_usage\": true}.");
        }

        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            var given = false;
            while (Next() && _reader.TokenType != JsonTokenType.EndObject)
            {
                var isUsage = string.Equals(_reader.GetString(), "include_usage", StringComparison.OrdinalIgnoreCase);
                if (isUsage && (given || !_reader.ValueTextEquals("include_usage"u8)))
                {
                    throw Refused("stream_options.include_usage", "is given twice or in another case", "Give it once.");
                }

                Next();
                given |= isUsage;
                _includeUsage |= isUsage && Flag("stream_options.include_usage");
                Pass();
            }
        }

        _streamOptions = new ByteRange(start, (int)_reader.BytesConsumed - start);
    }

    private void ReadTools()
    {
        var start = _reader.TokenStartIndex;
        var isList = _reader.TokenType == JsonTokenType.StartArray;
        Pass();
        var length = _reader.BytesConsumed - start;
        if (isList && _body.Slice((int)start + 1, (int)length - 2).IndexOf((byte)'{') >= 0)
        {
            _tools = true;
            _prompt.AddTools(length);
            _blocks.AddTools(length);
        }
    }

    private void ReadMessages()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            throw Refused("messages", "must be a list", "Write [{\"role\": \"user\", \"content\": \"…\"}].");
        }

        var depth = _reader.CurrentDepth;
        while (Next() && _reader.CurrentDepth > depth)
        {
            _prompt.Read(_reader);
        }
    }

    /// <summary>The input of Responses: a text, or a list of items.</summary>
    private void ReadItems()
    {
        if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.StartArray))
        {
            throw Refused("input", "must be a text or a list", "Write \"…\" or [{\"role\": \"user\", \"content\": \"…\"}].");
        }

        if (_reader.TokenType == JsonTokenType.String)
        {
            _prompt.ReadPlain(_reader);
            return;
        }

        var depth = _reader.CurrentDepth;
        while (Next() && _reader.CurrentDepth > depth)
        {
            _prompt.Read(_reader);
        }
    }

    /// <summary>A prompt or embedding input: a text, texts, token ids, or lists of ids.</summary>
    private void ReadText()
    {
        _prompt.ReadPlain(_reader);
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            Pass();
            return;
        }

        var depth = _reader.CurrentDepth;
        while (Next() && _reader.CurrentDepth > depth)
        {
            _prompt.ReadPlain(_reader);
        }
    }

    private RequestFacts Facts()
    {
        var model = _modelValue.Exists ? _model! : IsMetered ? "" : OfPath(); // MeteredScanner knows more defaults than the path
        Require(RequestKey.Messages, _operation == Operation.ChatCompletions || IsMessages);
        RequireCap();
        Require(RequestKey.Input, _operation is Operation.Embeddings or Operation.Responses or Operation.Speech or Operation.Moderations);
        Require(RequestKey.Prompt, _operation is Operation.ImageGenerations);
        if (_maxTokens is not null && _maxCompletionTokens is not null)
        {
            throw new RequestRefusedException("Both 'max_tokens' and 'max_completion_tokens' are given. Give one of them.", "max_tokens");
        }

        var marked = OpaqueMark.Newest(_body, out var maker);
        return new RequestFacts
        {
            Model = model,
            ModelValue = _modelValue,
            InsertAt = _insertAt,
            Stream = _stream,
            IncludeUsage = _includeUsage,
            StreamOptionsValue = _streamOptions,
            MaxTokens = _maxCompletionTokens ?? _maxTokens,
            MaxTokensValue = _maxTokens is null && _maxCompletionTokensValue.Exists ? _maxCompletionTokensValue : _maxTokensValue,
            Choices = (int)Math.Max(1, Math.Max(_choices, _bestOf)),
            Tools = _tools,
            PromptBound = IsMessages ? _blocks.Bound(_body.Length) : _prompt.Bound(_body.Length),
            PromptEstimate = IsMessages ? _blocks.Estimate : _prompt.Estimate,
            Marked = marked,
            Maker = maker,
        };
    }

    private readonly void Require(RequestKey key, bool needed)
    {
        if (needed && (_seen & key) == RequestKey.None)
        {
            throw new RequestRefusedException($"The field '{RequestKeys.NameOf(key)}' is missing. Add it.", RequestKeys.NameOf(key));
        }
    }

    private ByteRange Scalar() => new((int)_reader.TokenStartIndex, (int)(_reader.BytesConsumed - _reader.TokenStartIndex));

    /// <summary>Goes to the last token of the value that begins at the current token.</summary>
    private void Pass()
    {
        if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var depth = _reader.CurrentDepth;
            while (Next() && _reader.CurrentDepth > depth)
            {
            }
        }
    }

    /// <summary>The next token, checked for what holds everywhere: depth, whole surrogate pairs, numbers that exist.</summary>
    private bool Next()
    {
        if (!_reader.Read())
        {
            return false;
        }

        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when _reader.CurrentDepth >= _maxDepth:
                throw new RequestRefusedException(
                    $"The body nests deeper than {_maxDepth} levels at {RequestScanner.Position(_body, _reader.TokenStartIndex)}. Flatten it, or raise limits.max_json_depth.");
            case JsonTokenType.String or JsonTokenType.PropertyName when _reader.ValueIsEscaped && JsonText.HasLoneSurrogate(_reader.ValueSpan):
                throw new RequestRefusedException(
                    $"A string holds half of a surrogate pair at {RequestScanner.Position(_body, _reader.TokenStartIndex)}. Escape the whole character.");
            case JsonTokenType.Number when !IsNumber():
                throw new RequestRefusedException($"A number is too large at {RequestScanner.Position(_body, _reader.TokenStartIndex)}. Stay below 1e308.");
            default:
                return true;
        }
    }

    /// <summary>Only a number with an exponent, or of hundreds of digits, can leave the range of a double.</summary>
    private bool IsNumber() =>
        (_reader.ValueSpan.Length < 300 && _reader.ValueSpan.IndexOfAny((byte)'e', (byte)'E') < 0)
        || (_reader.TryGetDouble(out var value) && double.IsFinite(value));

    private RequestRefusedException Refused(string field, string rule, string mend) =>
        new($"The field '{field}' {rule} (at {RequestScanner.Position(_body, _reader.TokenStartIndex)}). {mend}", field);
}
