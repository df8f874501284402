using System.Buffers;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Metered;

/// <summary>Reads one whole answer and passes it on as it is, but for the name of the model.</summary>
internal sealed class MeteredAnswer(InferenceRequest request, TimeProvider time)
{
    private TokenUsage? _tokens;
    private decimal? _told;     // units that the answer tells
    private decimal? _duration; // seconds of the recording, beside the usage
    private long? _items;
    private bool _hasText;
    private bool _hasError;

    /// <summary>Reads and writes; on a failure nothing of what was written counts.</summary>
    public WholeAnswer Read(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        var json = (body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body[3..] : body).Trim(" \t\r\n"u8);
        if (request.Facts.Metered!.Answer == MeteredForm.Text)
        {
            return ReadText(body, json, output);
        }

        if (json.IsEmpty)
        {
            return Failed(FailureReader.NotAnAnswer("answered 200 with an empty body"));
        }

        try
        {
            return ReadJson(json, output);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // text that is not JSON, or a string that is not Unicode
        {
            return Failed(FailureReader.NotAnAnswer("answered 200 with something that is not JSON: " + SecretMask.Apply(ErrorBody.Read(json).Message)));
        }
    }

    /// <summary>A text may be anything, even nothing at all where the recording is silent; but a page or an error is none.</summary>
    private WholeAnswer ReadText(ReadOnlySpan<byte> body, ReadOnlySpan<byte> trimmed, IBufferWriter<byte> output)
    {
        if (trimmed.StartsWith("<!DOCTYPE"u8) || trimmed.StartsWith("<!doctype"u8) || trimmed.StartsWith("<html"u8))
        {
            return Failed(FailureReader.NotAnAnswer("answered 200 with a page in place of a text"));
        }

        if (trimmed.StartsWith("{"u8) && HoldsError(trimmed))
        {
            return Failed(FailureReader.ReadInAnswer(trimmed, time.GetUtcNow(), null));
        }

        output.Write(body);
        return new PassedAnswer(Told: null, IsText: true);
    }

    private bool HoldsError(ReadOnlySpan<byte> json)
    {
        try
        {
            Scan(json, new JsonEdits());
            return _hasError;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // a text that begins with a brace
        }
    }

    private WholeAnswer ReadJson(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var edits = new JsonEdits();
        Scan(json, edits);
        if (_hasError)
        {
            return Failed(FailureReader.ReadInAnswer(json, time.GetUtcNow(), _tokens));
        }

        if (!_hasText && _items is null)
        {
            return Failed(FailureReader.NotAnAnswer("answered 200 with JSON that holds no answer", _tokens));
        }

        edits.Write(json, output);
        var images = MeteredOperations.MakesImages(request.Operation) ? _items : null;
        return new PassedAnswer(images ?? _told ?? _duration, IsText: false) { Usage = _tokens };
    }

    private void Scan(ReadOnlySpan<byte> json, JsonEdits edits)
    {
        var reader = new Utf8JsonReader(json, JsonReading.DeepReader);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan.Length <= 16 ? reader.GetString() : "";
            reader.Read();
            ReadMember(ref reader, name, edits);
        }

        while (reader.Read())
        {
            // nothing may follow the object; the reader throws where something does
        }
    }

    private void ReadMember(ref Utf8JsonReader reader, string? name, JsonEdits edits)
    {
        switch (name)
        {
            case "model" when reader.TokenType == JsonTokenType.String:
                edits.Add((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex), JsonLiteral.Of(request.Facts.Model));
                break;
            case "error":
                _hasError |= reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
                reader.Skip();
                break;
            case "data" or "results" or "segments" when reader.TokenType == JsonTokenType.StartArray:
                _items = Items(ref reader);
                break;
            case "text" when reader.TokenType == JsonTokenType.String:
                _hasText = true;
                break;
            case "duration" when MeteredOperations.Listens(request.Operation) && reader.TokenType is JsonTokenType.Number or JsonTokenType.String:
                _duration = MeteredUsage.Number(Value(ref reader));
                break;
            case "usage" when reader.TokenType == JsonTokenType.StartObject:
                ReadUsage(Value(ref reader));
                break;
            case "meta" when reader.TokenType == JsonTokenType.StartObject:
                var (searches, tokens) = MeteredUsage.Billed(Value(ref reader));
                (_told, _tokens) = (_told ?? searches, _tokens ?? tokens);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void ReadUsage(JsonElement usage)
    {
        _tokens = MeteredUsage.Tokens(usage) ?? _tokens;
        _told = (MeteredOperations.Listens(request.Operation) ? MeteredUsage.Seconds(usage) : MeteredUsage.Searches(usage)) ?? _told;
    }

    private static JsonElement Value(ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.Clone();
    }

    private static long Items(ref Utf8JsonReader reader)
    {
        var (depth, items) = (reader.CurrentDepth, 0L);
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            items++;
            reader.Skip();
        }

        return items;
    }

    private static WholeAnswer Failed(ProviderFailure failure) => new() { Failure = failure };
}
