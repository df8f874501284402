using System.Buffers;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Pivot;
using Infermux.Providers.Sse;

namespace Infermux.Providers.Metered;

/// <summary>
/// Passes on a stream of images, transcribed text or sound, event by event as they are. It has ended with the last image asked for, or with the one
/// <c>….done</c>; that event is held back, so that it is settled before anybody has it all.
/// </summary>
internal sealed class MeteredStream(InferenceRequest request, TimeProvider time) : SseTranslator
{
    private byte[] _held = [];
    private decimal? _seconds;
    private long _finished;
    private bool _anyEvent;

    /// <inheritdoc/>
    public override decimal? Units => MakesImages ? (_finished > 0 ? _finished : null) : _seconds;

    private bool MakesImages => MeteredOperations.MakesImages(request.Operation);

    /// <inheritdoc/>
    public override void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output) =>
        output.Write(_held);

    /// <inheritdoc/>
    protected override StreamProgress Read(in SseEvent next, IBufferWriter<byte> output)
    {
        _anyEvent = true;
        if (next.Data.StartsWith("[DONE]"u8))
        {
            _held = Event(next);
            return End();
        }

        try
        {
            return next.Name.SequenceEqual("error"u8) ? Fail(FailureReader.ReadInAnswer(next.Data, time.GetUtcNow(), Usage)) : ReadJson(next, output);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // text that is not JSON, or a string that is not Unicode
        {
            return Fail(FailureReader.NotAnAnswer("an event of the stream is not JSON", Usage));
        }
    }

    /// <inheritdoc/>
    protected override ProviderFailure? Unfinished() => _finished > 0 ? null
        : _anyEvent || Stray.IsEmpty
            ? new ProviderFailure(FailureClass.BrokenStream, 200, "the stream ended without its terminal event") { Usage = Usage }
            : FailureReader.NotAnAnswer("answered 200 with something that is no event stream: " + SecretMask.Apply(ErrorBody.Read(Stray).Message));

    private StreamProgress ReadJson(in SseEvent next, IBufferWriter<byte> output)
    {
        var (type, usage, isError) = Scan(next.Data);
        if (isError || type is "error" || type.EndsWith(".failed", StringComparison.Ordinal))
        {
            return Fail(FailureReader.ReadInAnswer(next.Data, time.GetUtcNow(), Usage));
        }

        if (usage is { } told)
        {
            ReadUsage(told);
        }

        if (!IsFinish(type))
        {
            output.Write(Event(next));
            return type.Length > 0 || !MakesImages ? StreamProgress.Content | StreamProgress.Progress : StreamProgress.Alive;
        }

        _finished++;
        if (MakesImages && _finished < request.Facts.Metered!.Units)
        {
            output.Write(Event(next));
            return StreamProgress.Content | StreamProgress.Progress;
        }

        _held = Event(next);
        return StreamProgress.Content | StreamProgress.Progress | End();
    }

    private bool IsFinish(string type) => type.EndsWith(MakesImages ? ".completed" : ".done", StringComparison.Ordinal);

    /// <summary>Each image tells its own tokens; everything else tells them once, at its end.</summary>
    private void ReadUsage(JsonElement told)
    {
        var tokens = MeteredUsage.Tokens(told);
        Usage = MakesImages && Usage is { } sum && tokens is { } more
            ? Sum(sum, more)
            : tokens ?? Usage;
        _seconds = MeteredUsage.Seconds(told) ?? _seconds;
    }

    private static TokenUsage Sum(in TokenUsage one, in TokenUsage other) => new(
        one.FreshInput + other.FreshInput,
        one.CacheRead + other.CacheRead,
        Output: one.Output + other.Output,
        MediaInput: one.MediaInput + other.MediaInput);

    private static (string Type, JsonElement? Usage, bool IsError) Scan(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonReading.DeepReader);
        var (type, usage, isError) = ("", (JsonElement?)null, false);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The event is no JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isUsage, maybeError) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("usage"u8), reader.ValueTextEquals("error"u8));
            reader.Read();
            type = isType && reader.TokenType == JsonTokenType.String ? reader.GetString()! : type;
            isError |= maybeError && reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
            if (isUsage && reader.TokenType == JsonTokenType.StartObject)
            {
                using var document = JsonDocument.ParseValue(ref reader);
                usage = document.RootElement.Clone();
            }
            else
            {
                reader.Skip();
            }
        }

        while (reader.Read())
        {
            // nothing may follow the object; the reader throws where something does
        }

        return (type, usage, isError);
    }

    /// <summary>The event as it came, in the plainest framing.</summary>
    private static byte[] Event(in SseEvent next)
    {
        var written = new ArrayBufferWriter<byte>(next.Data.Length + next.Name.Length + 32);
        if (!next.Name.IsEmpty)
        {
            written.Write("event: "u8);
            written.Write(next.Name);
            written.Write("\n"u8);
        }

        foreach (var line in next.Data.Split((byte)'\n'))
        {
            written.Write("data: "u8);
            written.Write(next.Data[line]);
            written.Write("\n"u8);
        }

        written.Write("\n"u8);
        return written.WrittenSpan.ToArray();
    }
}
