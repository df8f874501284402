using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Json;
using Infermux.Providers.Sse;

namespace Infermux.Providers.OpenAi;

/// <summary>
/// Reads a stream of OpenAI's dialect and writes it with the caller's model name. Chunks keep their bytes but for what must change: the usage that was asked
/// for on our behalf is taken out, broken tool calls are mended, chunks without a choice (prompt filters) are left out because clients index
/// <c>choices[0]</c>.
/// </summary>
internal sealed class OpenAiStream : SseTranslator
{
    private static readonly ReadOnlyMemory<byte> Null = "null"u8.ToArray();

    private readonly InferenceRequest _request;
    private readonly ReadOnlyMemory<byte> _model;
    private readonly TimeProvider _time;
    private readonly ToolCallRepair _repair;
    private readonly List<ChoiceState> _choices = new(1);
    private readonly JsonEdits _edits = new();
    private byte[]? _id;
    private byte[]? _created;
    private byte[]? _usageChunk;
    private byte[]? _usageJson;
    private bool _anyEvent;

    public OpenAiStream(InferenceRequest request, AttemptTarget target, TimeProvider time)
    {
        _request = request;
        _time = time;
        _model = request.CallersModel;
        _repair = new ToolCallRepair(target.RequestId ?? target.Model);
    }

    /// <inheritdoc/>
    public override void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output)
    {
        var writer = new ChunkWriter(_request.Operation, _model, _id, _created);
        foreach (var choice in _choices)
        {
            if (choice.HasContent && !choice.Finished)
            {
                writer.WriteFinish(choice, output);
            }
        }

        if (_request.Facts.IncludeUsage)
        {
            writer.WriteUsage(_usageChunk, _usageJson, usage, infermuxJson, output);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    /// <inheritdoc/>
    protected override StreamProgress Read(in SseEvent next, IBufferWriter<byte> output)
    {
        _anyEvent = true;
        if (next.Data.StartsWith("[DONE]"u8))
        {
            return End();
        }

        try
        {
            return next.Name.SequenceEqual("error"u8)
                ? Fail(FailureReader.ReadInAnswer(next.Data, _time.GetUtcNow(), Usage))
                : ReadChunk(next.Data, output);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // text that is not JSON, or a string that is not Unicode
        {
            return Fail(FailureReader.NotAnAnswer("an event of the stream is not JSON", Usage));
        }
    }

    /// <inheritdoc/>
    protected override ProviderFailure Unfinished() => _anyEvent || Stray.IsEmpty
        ? new ProviderFailure(FailureClass.BrokenStream, 200, "the stream ended without its terminal mark") { Usage = Usage }
        : NoStream(Stray);

    private StreamProgress ReadChunk(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        _edits.Clear();
        var scan = new AnswerScan(json, _request.Operation, isChunk: true, _model, _repair, _choices, _edits);
        if (!scan.Run())
        {
            return Fail(FailureReader.NotAnAnswer("an event of the stream is not a JSON object", Usage));
        }

        Usage = scan.Usage ?? Usage;
        ServiceTier = scan.ServiceTier.IsEmpty || (ServiceTier is { } known && Ascii.Equals(scan.ServiceTier, known)) ? ServiceTier : Encoding.UTF8.GetString(scan.ServiceTier);
        OutputCharacters += scan.Characters;
        OutputPieces += scan.Characters > 0 ? 1 : 0;
        if (FailureIn(scan.Marks, json) is { } failure)
        {
            return Fail(failure);
        }

        Keep(scan, json);
        Write(scan, json, output);
        return ProgressOf(scan);
    }

    private ProviderFailure? FailureIn(AnswerMarks marks, ReadOnlySpan<byte> json) =>
        (marks & AnswerMarks.Error) != AnswerMarks.None ? FailureReader.ReadInAnswer(json, _time.GetUtcNow(), Usage)
        : (marks & AnswerMarks.FinishFault) != AnswerMarks.None ? FailureReader.NotAnAnswer("the provider ended the answer with finish_reason 'error'", Usage)
        : (marks & AnswerMarks.FinishOverloaded) != AnswerMarks.None
            ? new ProviderFailure(FailureClass.Overloaded, 200, "the provider ended the answer with finish_reason 'insufficient_system_resource'") { Usage = Usage }
        : null;

    /// <summary>Keeps what the end of the stream will need.</summary>
    private void Keep(in AnswerScan scan, ReadOnlySpan<byte> json)
    {
        if (scan.Id.Length > 2) // not "", which Azure's first chunk has
        {
            _id ??= Copy(json, scan.Id);
        }

        _created ??= scan.Created.Exists ? Copy(json, scan.Created) : null;
        if (_request.Facts.IncludeUsage && scan.Usage is not null && scan.UsageValue.Exists)
        {
            _usageJson = Copy(json, scan.UsageValue);
        }
    }

    private static byte[] Copy(ReadOnlySpan<byte> json, ByteRange range) => json.Slice(range.Start, range.Length).ToArray();

    private void Write(in AnswerScan scan, ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        if ((scan.Marks & AnswerMarks.Filled) == AnswerMarks.None)
        {
            WriteWithoutChoice(scan, json, output);
            return;
        }

        if (!_request.Facts.IncludeUsage)
        {
            Remove(scan.UsageMember);
        }
        else if (scan.Usage is not null && scan.UsageValue.Exists)
        {
            _edits.Replace(scan.UsageValue, Null); // the caller gets one usage chunk, as OpenAI sends it, at the end
        }

        ChunkWriter.Write(json, _edits, output);
    }

    private void WriteWithoutChoice(in AnswerScan scan, ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        if (_request.Facts.IncludeUsage && scan.Usage is not null && scan.UsageValue.Exists)
        {
            _usageChunk = new byte[_edits.LengthAfter(json.Length)];
            _edits.Copy(json, _usageChunk);
        }
        else if ((scan.Marks & AnswerMarks.Moderation) != AnswerMarks.None)
        {
            Remove(_request.Facts.IncludeUsage ? default : scan.UsageMember);
            ChunkWriter.Write(json, _edits, output);
        }
    }

    private void Remove(ByteRange member)
    {
        if (member.Exists)
        {
            _edits.Replace(member, ReadOnlyMemory<byte>.Empty);
        }
    }

    private static StreamProgress ProgressOf(in AnswerScan scan) =>
        (scan.Marks & AnswerMarks.Content) != AnswerMarks.None ? StreamProgress.Content | StreamProgress.Progress
        : scan.Usage is not null || (scan.Marks & AnswerMarks.Finish) != AnswerMarks.None ? StreamProgress.Progress
        : StreamProgress.Alive;

    /// <summary>No event at all, but something else: an error as JSON, a whole answer, a page.</summary>
    private ProviderFailure NoStream(ReadOnlySpan<byte> stray)
    {
        var error = ErrorBody.Read(stray);
        return error.IsOpenAiShaped || error.Status is not null
            ? FailureReader.ReadInAnswer(stray, _time.GetUtcNow(), Usage)
            : FailureReader.NotAnAnswer("answered a stream request with something that is no stream: " + SecretMask.Apply(error.Message), Usage);
    }
}
