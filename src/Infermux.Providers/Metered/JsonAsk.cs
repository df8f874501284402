using System.Text;
using System.Text.Json;

namespace Infermux.Providers.Metered;

/// <summary>What a JSON body asks for beside its model, in one more pass over the members that it was checked by.</summary>
internal ref struct JsonAsk
{
    private const int LongestWord = 64; // of a size, a quality or a format

    private Utf8JsonReader _reader;
    private long _characters;
    private long _documents;
    private long _partials;
    private long _media;      // inlined images
    private long _mediaBytes; // their text, which is none
    private string? _size;
    private string? _quality;
    private string? _streamFormat;

    private JsonAsk(ReadOnlySpan<byte> body) => _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 10_000 }); // checked before

    /// <summary>Adds what the operation is priced by to what was found in the body.</summary>
    public static RequestFacts Read(Operation operation, ReadOnlySpan<byte> body, RequestFacts scanned)
    {
        var ask = new JsonAsk(body);
        ask.Run();
        return ask.Facts(operation, body.Length, scanned);
    }

    private void Run()
    {
        _reader.Read();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = _reader.ValueSpan.Length <= LongestWord ? _reader.GetString() : "";
            _reader.Read();
            ReadMember(name);
        }
    }

    private void ReadMember(string? name)
    {
        switch (name)
        {
            case "input" when _reader.TokenType == JsonTokenType.String:
                _characters = Characters(_reader.GetString()!);
                break;
            case "size":
                _size = Word();
                break;
            case "quality":
                _quality = Word();
                break;
            case "stream_format":
                _streamFormat = Word();
                break;
            case "partial_images" when _reader.TokenType == JsonTokenType.Number:
                _partials = _reader.TryGetInt64(out var partials) ? partials : 0;
                break;
            case "documents" when _reader.TokenType == JsonTokenType.StartArray:
                ReadDocuments();
                break;
            case "images" or "image" or "mask":
                ReadImages();
                break;
            default:
                _reader.Skip();
                break;
        }
    }

    private string? Word()
    {
        var word = _reader.TokenType == JsonTokenType.String && _reader.ValueSpan.Length <= LongestWord ? _reader.GetString() : null;
        _reader.Skip();
        return word;
    }

    private void ReadDocuments()
    {
        var depth = _reader.CurrentDepth;
        while (_reader.Read() && _reader.CurrentDepth > depth)
        {
            _documents++;
            _reader.Skip();
        }
    }

    /// <summary>Each text in there is an image, by its address or inlined.</summary>
    private void ReadImages()
    {
        CountImage();
        if (_reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            var depth = _reader.CurrentDepth;
            while (_reader.Read() && _reader.CurrentDepth > depth)
            {
                CountImage();
            }
        }
    }

    private void CountImage()
    {
        if (_reader.TokenType == JsonTokenType.String)
        {
            _media++;
            _mediaBytes += _reader.ValueSpan.Length;
        }
    }

    private readonly RequestFacts Facts(Operation operation, int length, RequestFacts scanned)
    {
        var outputBound = 0L;
        var ask = operation switch
        {
            _ when MeteredOperations.MakesImages(operation) => AskFigures.Images(scanned.Choices, _size, _quality, _partials, out outputBound),
            Operation.Speech => AskFigures.Speech(_characters, out outputBound),
            Operation.Rerank => AskFigures.Ranking(_documents, length),
            _ => AskFigures.Plain(),
        };
        return scanned with
        {
            Metered = ask with { Frame = ("\"model\":", ",") },
            Stream = scanned.Stream || (operation == Operation.Speech && string.Equals(_streamFormat, "sse", StringComparison.Ordinal)),
            Choices = 1,
            MaxTokens = outputBound,
            PromptBound = length - _mediaBytes + (_media * ImageTokens.MostOfInput),
            PromptEstimate = operation == Operation.Rerank ? (length + 3) / 4 : scanned.PromptEstimate + (_media * ImageTokens.OfInput),
        };
    }

    /// <summary>Characters as people and vendors count them: code points.</summary>
    private static long Characters(string text)
    {
        var count = 0L;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
