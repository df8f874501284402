using System.Buffers;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;
using Infermux.Providers.Sse;

namespace Infermux.Providers.Responses;

/// <summary>
/// Reads a stream of Responses and writes it with the caller's model name; events keep their bytes otherwise. The terminal event is held back until the
/// answer is settled. What the provider says went wrong is not passed on: before output another may answer, and after it the gateway says so in its own words.
/// </summary>
internal sealed class ResponsesStream(ReadOnlyMemory<byte> model, AttemptTarget target, TimeProvider time) : SseTranslator
{
    private readonly JsonEdits _edits = new();
    private byte[]? _terminal;
    private byte[]? _terminalName;
    private string? _id;
    private long _events;

    /// <inheritdoc/>
    public override void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output)
    {
        var last = _terminal ?? throw new InvalidOperationException("The stream has not ended.");
        var brace = last.AsSpan().LastIndexOf((byte)'}');
        SseText.Begin(_terminalName, output);
        output.Write(last.AsSpan(0, brace));
        if (!infermuxJson.IsEmpty)
        {
            output.Write(",\"infermux\":"u8);
            output.Write(infermuxJson);
        }

        output.Write("}\n\n"u8);
    }

    /// <inheritdoc/>
    public override bool WriteError(string code, string message, string? param, IBufferWriter<byte> output)
    {
        ErrorEvents.Write(output, _events, _id, code, message, param);
        return true;
    }

    /// <inheritdoc/>
    protected override StreamProgress Read(in SseEvent next, IBufferWriter<byte> output)
    {
        try
        {
            return Scan(next.Data, output);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // text that is not JSON, or a string that is not Unicode
        {
            return Fail(FailureReader.NotAnAnswer("an event of the stream is not JSON", Usage));
        }
    }

    /// <inheritdoc/>
    protected override ProviderFailure Unfinished() => _events > 0 || Stray.IsEmpty
        ? new ProviderFailure(FailureClass.BrokenStream, 200, "the stream ended without its terminal event (response.completed)") { Usage = Usage }
        : NoStream();

    private StreamProgress Scan(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        if (json.StartsWith("[DONE]"u8))
        {
            return StreamProgress.Alive; // some compatible servers send it; the terminal event is what counts
        }

        _edits.Clear();
        var scan = new ResponseScan(json, target, model, _edits);
        if (!scan.RunEvent())
        {
            return Fail(FailureReader.NotAnAnswer("an event of the stream is not a JSON object", Usage));
        }

        (Usage, ServiceTier, _id) = (scan.Usage ?? Usage, scan.ServiceTier ?? ServiceTier, scan.Id ?? _id);
        OutputCharacters += scan.Characters;
        OutputPieces += scan.Characters > 0 ? 1 : 0;
        if (scan.HasError || scan.Type.SequenceEqual("error"u8) || scan.Type.SequenceEqual("response.failed"u8))
        {
            return Fail(Read(json));
        }

        if (scan.Type.SequenceEqual("response.completed"u8) || scan.Type.SequenceEqual("response.incomplete"u8))
        {
            return End(scan, json);
        }

        if (scan.Type.IsEmpty)
        {
            return StreamProgress.Alive; // no event of this dialect
        }

        _events++;
        SseText.Begin(scan.Type, output);
        SseText.Body(json, _edits, output);
        return IsOpening(scan.Type) ? StreamProgress.Alive
            : IsEmptyMessage(scan) ? StreamProgress.Progress
            : StreamProgress.Content | StreamProgress.Progress;
    }

    private StreamProgress End(in ResponseScan scan, ReadOnlySpan<byte> json)
    {
        _terminalName = scan.Type.ToArray();
        _terminal = new byte[_edits.LengthAfter(json.Length)];
        _edits.Copy(json, _terminal);
        _terminal.AsSpan().Replace((byte)'\n', (byte)' ');
        return End() | StreamProgress.Progress;
    }

    /// <summary>What comes before any output, so that another provider may still answer.</summary>
    private static bool IsOpening(ReadOnlySpan<byte> type) => type.SequenceEqual("response.created"u8) || type.SequenceEqual("response.queued"u8)
        || type.SequenceEqual("response.in_progress"u8) || type.SequenceEqual("keepalive"u8) || type.SequenceEqual("ping"u8);

    /// <summary>A message that has no text yet: quotas are seen to fail just then.</summary>
    private static bool IsEmptyMessage(in ResponseScan scan) => scan.Type.SequenceEqual("response.content_part.added"u8)
        || (scan.Type.SequenceEqual("response.output_item.added"u8) && scan.ItemType.SequenceEqual("message"u8));

    private ProviderFailure Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonReading.DeepReader);
        using var document = JsonDocument.ParseValue(ref reader);
        return ResponsesFailures.Read(document.RootElement, time.GetUtcNow(), Usage);
    }

    /// <summary>No event at all, but something else: an error as JSON, a page.</summary>
    private ProviderFailure NoStream()
    {
        var error = ErrorBody.Read(Stray);
        return error.IsOpenAiShaped || error.Status is not null
            ? FailureReader.ReadInAnswer(Stray, time.GetUtcNow(), Usage)
            : FailureReader.NotAnAnswer("answered a stream request with something that is no stream: " + SecretMask.Apply(error.Message), Usage);
    }
}
