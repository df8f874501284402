using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>
/// Reads a streamed response chunk by chunk and writes chat completion chunks. Its end is the end of the body, and it is clean only if every candidate gave its
/// reason to finish before: older models give one in every chunk, so the last one counts, and counts may still change after it.
/// </summary>
/// <param name="chunks">Writes the chunks.</param>
/// <param name="target">Who answers.</param>
/// <param name="now">For waits that are told as a moment.</param>
internal sealed class GeminiStreamTranslator(ChunkWriter chunks, AttemptTarget target, DateTimeOffset now) : StreamTranslator
{
    private readonly AnswerEvents _events = new();
    private readonly SortedList<int, StreamedCandidate> _candidates = [];
    private UsageCounts _counts;
    private string? _id;
    private bool _over;

    /// <inheritdoc/>
    public override StreamProgress Push(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        var progress = StreamProgress.None;
        var comments = _events.Comments;
        while (!_over && _events.TryRead(ref bytes, out var next))
        {
            progress |= Take(next, output);
        }

        if (!_over && _events.TooLarge)
        {
            progress |= Fail(GeminiFailures.NotAnAnswer("A chunk of the stream is larger than 16 MiB.", Usage));
        }

        return progress | (_events.Comments > comments ? StreamProgress.Alive : StreamProgress.None);
    }

    /// <inheritdoc/>
    public override StreamProgress EndOfBody(IBufferWriter<byte> output)
    {
        var progress = StreamProgress.None;
        if (!_over && _events.TryFinish(out var last))
        {
            progress = Take(last, output);
        }

        if (!_over)
        {
            progress |= Unfinished() is { } failure ? Fail(failure) : Finish(output);
        }

        _events.Release();
        return progress;
    }

    /// <inheritdoc/>
    public override void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output) =>
        chunks.End(output, usage, infermuxJson);

    private StreamProgress Take(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        if (json.StartsWith("[DONE]"u8))
        {
            return StreamProgress.Alive; // put there by a proxy
        }

        try
        {
            var reader = new Utf8JsonReader(json, JsonReading.DeepReader);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var progress = StreamProgress.None;
            foreach (var response in root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : (IEnumerable<JsonElement>)[root])
            {
                progress |= _over ? StreamProgress.None : Take(response, output);
            }

            return progress;
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return Fail(GeminiFailures.NotAnAnswer("A chunk of the stream is not JSON.", Usage));
        }
    }

    private StreamProgress Take(JsonElement response, IBufferWriter<byte> output)
    {
        if (response.Find("error") is not null)
        {
            return Fail(GeminiFailures.ReadInAnswer(JsonMarshal.GetRawUtf8Value(response), now, Usage));
        }

        _id ??= response.Text("responseId");
        var progress = TakeUsage(response.Find("usageMetadata"));
        foreach (var candidate in response.List("candidates"))
        {
            progress |= _over ? StreamProgress.None : Take(candidate, candidate.Count("index") ?? 0, output);
        }

        if (response.Find("promptFeedback") is { } feedback && feedback.Text("blockReason") is { } reason)
        {
            CandidateOf(0, output).TakeBlock(reason, feedback.Text("blockReasonMessage"));
            progress |= StreamProgress.Progress;
        }

        return progress == StreamProgress.None ? StreamProgress.Alive : progress;
    }

    private StreamProgress TakeUsage(JsonElement? usage)
    {
        var before = _counts.Usage;
        _counts.Take(usage);
        Usage = _counts.Usage;
        ServiceTier = ServiceTiers.Read(usage) ?? ServiceTier;
        return Usage == before ? StreamProgress.None : StreamProgress.Progress;
    }

    private StreamProgress Take(JsonElement candidate, long index, IBufferWriter<byte> output)
    {
        if (index >= CandidateIds.Most)
        {
            return StreamProgress.None;
        }

        var known = CandidateOf((int)index, output);
        var (pieces, characters, finish) = (known.Pieces, known.Characters, known.FinishReason);
        known.Take(candidate, CandidateIds.Seed(target, _id), output);
        OutputPieces += known.Pieces - pieces;
        OutputCharacters += known.Characters - characters;
        if (FinishReasons.IsFault(known.FinishReason))
        {
            return Fail(GeminiFailures.NotAnAnswer($"The model's answer was no answer (finishReason {known.FinishReason}).", Usage));
        }

        return known.Pieces > pieces ? StreamProgress.Progress | StreamProgress.Content
            : string.Equals(known.FinishReason, finish, StringComparison.Ordinal) ? StreamProgress.None
            : StreamProgress.Progress;
    }

    private StreamedCandidate CandidateOf(int index, IBufferWriter<byte> output)
    {
        if (!_candidates.TryGetValue(index, out var known))
        {
            chunks.Id = _candidates.Count == 0 ? CandidateIds.Answer(target, _id) : chunks.Id;
            _candidates.Add(index, known = new StreamedCandidate(index, chunks, target));
            chunks.Choice = index;
            chunks.Role(output);
        }

        return known;
    }

    private StreamProgress Finish(IBufferWriter<byte> output)
    {
        foreach (var candidate in _candidates.Values)
        {
            candidate.Finish(output);
        }

        (Ended, _over) = (true, true);
        return StreamProgress.Ended;
    }

    private StreamProgress Fail(ProviderFailure failure)
    {
        (Failure, _over) = (failure, true);
        return StreamProgress.Failed;
    }

    private ProviderFailure? Unfinished()
    {
        if (_events.Stray.IsEmpty || _candidates.Count > 0)
        {
            return _candidates.Count == 0 ? Broken("The stream ended before an answer began.")
                : _events.IsBroken || _candidates.Values.Any(static one => one.FinishReason is null)
                    ? Broken("The stream ended without a reason to finish (finishReason).")
                : null;
        }

        return GeminiFailures.NotAnAnswer($"The answer is no event stream: {Failures.ErrorBody.Read(_events.Stray).Message}");
    }

    private ProviderFailure Broken(string what) => new(FailureClass.BrokenStream, 200, what) { Usage = Usage };
}
