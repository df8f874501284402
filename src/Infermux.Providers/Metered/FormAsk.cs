using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Unicode;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers.Metered;

/// <summary>What a form asks for. Its files are only measured.</summary>
internal ref struct FormAsk
{
    private const int MostImages = 128; // as of n in JSON
    private const int LongestWord = 64; // of a size, a quality, a format or a flag

    private readonly ReadOnlySpan<byte> _body;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private ByteRange _model;
    private string _modelName = "";
    private long _fileBytes;
    private int _files;
    private long _textBytes;
    private bool _stream;
    private long _count = 1;
    private long _partials;
    private string? _format;
    private string? _size;
    private string? _quality;

    private FormAsk(ReadOnlySpan<byte> body) => _body = body;

    /// <exception cref="RequestRefusedException">It is no form, could be read in two ways, or lacks what the operation needs.</exception>
    public static RequestFacts Read(Operation operation, ReadOnlySpan<byte> body, MediaTypeHeaderValue type, string contentType)
    {
        if (!MeteredOperations.TakesForm(operation))
        {
            throw new RequestRefusedException("This path takes JSON. Send a JSON object with 'Content-Type: application/json'.");
        }

        var boundary = MultipartForm.BoundaryOf(type);
        var ask = new FormAsk(body);
        var parts = MultipartForm.Read(body, boundary, out var start);
        foreach (var part in parts)
        {
            ask.Add(part);
        }

        return ask.Facts(operation, boundary, start, contentType);
    }

    private void Add(in FormPart part)
    {
        if (part.IsFile)
        {
            _files++;
            _fileBytes += part.Content.Length;
            return;
        }

        _textBytes += part.Content.Length;
        var name = part.Name.ToLowerInvariant();
        if (name is not ("model" or "stream" or "n" or "partial_images" or "response_format" or "size" or "quality"))
        {
            return;
        }

        if (!string.Equals(name, part.Name, StringComparison.Ordinal) || !_seen.Add(name))
        {
            throw new RequestRefusedException($"The field '{name}' is given twice, or in another case. Give it once, as '{name}'.", name);
        }

        ReadField(name, part.Content);
    }

    private void ReadField(string name, ByteRange content)
    {
        switch (name)
        {
            case "model":
                (_model, _modelName) = (content, ModelName(content));
                break;
            case "stream":
                _stream = Flag(name, Word(name, content));
                break;
            case "n":
                _count = Whole(name, Word(name, content), least: 1, MostImages);
                break;
            case "partial_images":
                _partials = Whole(name, Word(name, content), least: 0, MostImages);
                break;
            case "response_format":
                _format = Word(name, content);
                break;
            case "size":
                _size = Word(name, content);
                break;
            default:
                _quality = Word(name, content);
                break;
        }
    }

    private readonly string ModelName(ByteRange content)
    {
        var bytes = _body.Slice(content.Start, content.Length);
        return Utf8.IsValid(bytes) && Encoding.UTF8.GetString(bytes) is var name && ModelText.IsName(name)
            ? name
            : throw new RequestRefusedException($"The field 'model' {ModelText.Rule}. Name a model, such as \"whisper-1\".", "model");
    }

    private readonly string Word(string name, ByteRange content)
    {
        var bytes = _body.Slice(content.Start, content.Length);
        return bytes.Length <= LongestWord && Ascii.IsValid(bytes)
            ? Encoding.ASCII.GetString(bytes)
            : throw new RequestRefusedException($"The field '{name}' must be a word of at most {LongestWord} ASCII characters. Mend it or leave it out.", name);
    }

    private static bool Flag(string name, string word) => word switch
    {
        _ when word.Equals("true", StringComparison.OrdinalIgnoreCase) || word is "1" => true,
        _ when word.Equals("false", StringComparison.OrdinalIgnoreCase) || word is "0" or "" => false,
        _ => throw new RequestRefusedException($"The field '{name}' must be true or false. Write it so.", name),
    };

    private static long Whole(string name, string word, long least, long most) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new RequestRefusedException(
                $"The field '{name}' must be a whole number from {least} to {most}. Leave it out for the provider's default.", name);

    private readonly RequestFacts Facts(Operation operation, string boundary, int start, string contentType)
    {
        if (_files == 0)
        {
            var field = MeteredOperations.Listens(operation) ? "file" : "image";
            throw new RequestRefusedException($"The form holds no file. Add it as the field '{field}' with a filename.", field);
        }

        var (bound, estimate, outputBound) = (0L, 0L, 0L);
        var ask = MeteredOperations.Listens(operation)
            ? AskFigures.Sound(_fileBytes, _format, out bound, out estimate, out outputBound)
            : AskFigures.Images(_count, _size, _quality, _partials, out outputBound);
        return new RequestFacts
        {
            Model = _modelName,
            ModelValue = _model,
            InsertAt = start,
            Stream = _stream,
            MaxTokens = outputBound,
            PromptBound = _body.Length - _fileBytes + (MeteredOperations.Listens(operation) ? bound : _files * ImageTokens.MostOfInput),
            PromptEstimate = ((_textBytes + 3) / 4) + (MeteredOperations.Listens(operation) ? estimate : _files * ImageTokens.OfInput),
            Metered = ask with
            {
                ContentType = contentType,
                Boundary = boundary,
                Frame = ($"--{boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n", "\r\n"),
            },
        };
    }
}
