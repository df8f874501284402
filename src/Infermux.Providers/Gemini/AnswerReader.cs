using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>Reads a whole response, or the pieces of a streamed one in a JSON array, and writes it as a chat completion.</summary>
/// <param name="callersModel">The model's name toward the caller.</param>
/// <param name="target">Who answers.</param>
/// <param name="now">For <c>created</c>.</param>
internal sealed class AnswerReader(string callersModel, AttemptTarget target, DateTimeOffset now)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedList<int, WholeCandidate> _candidates = [];
    private UsageCounts _counts;
    private string? _tier;
    private string? _id;

    /// <summary>Reads and writes.</summary>
    public WholeAnswer Read(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        try
        {
            var reader = new Utf8JsonReader(body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body[3..] : body, JsonReading.DeepReader);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement, output);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return Failed(GeminiFailures.NotAnAnswer($"The answer is no response of Gemini: {Failures.ErrorBody.Read(body).Message}"));
        }
    }

    private WholeAnswer Read(JsonElement root, IBufferWriter<byte> output)
    {
        foreach (var response in root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : (IEnumerable<JsonElement>)[root])
        {
            if (response.Find("error") is not null)
            {
                return Failed(GeminiFailures.ReadInAnswer(JsonMarshal.GetRawUtf8Value(response), now, _counts.Usage));
            }

            Take(response);
        }

        if (FailureOf() is { } failure)
        {
            return Failed(failure);
        }

        Write(output);
        return new WholeAnswer { Usage = _counts.Usage, ServiceTier = _tier, OutputCharacters = _candidates.Values.Sum(static one => one.Characters) };
    }

    private void Take(JsonElement response)
    {
        _counts.Take(response.Find("usageMetadata"));
        _tier = ServiceTiers.Read(response.Find("usageMetadata")) ?? _tier;
        _id ??= response.Text("responseId");
        foreach (var candidate in response.List("candidates"))
        {
            CandidateOf(candidate.Count("index") ?? 0)?.Take(candidate, CandidateIds.Seed(target, _id));
        }

        if (response.Find("promptFeedback") is { } feedback && feedback.Text("blockReason") is { } reason)
        {
            CandidateOf(0)!.TakeBlock(reason, feedback.Text("blockReasonMessage"));
        }
    }

    private WholeCandidate? CandidateOf(long index)
    {
        if (index >= CandidateIds.Most)
        {
            return null;
        }

        if (!_candidates.TryGetValue((int)index, out var known))
        {
            _candidates.Add((int)index, known = new WholeCandidate((int)index, target));
        }

        return known;
    }

    private ProviderFailure? FailureOf() =>
        _candidates.Count == 0 ? GeminiFailures.NotAnAnswer("The answer is JSON, but has no candidates.", _counts.Usage)
        : _candidates.Values.FirstOrDefault(static one => FinishReasons.IsFault(one.FinishReason)) is { } faulty
            ? GeminiFailures.NotAnAnswer($"The model's answer was no answer (finishReason {faulty.FinishReason}).", _counts.Usage)
        : null;

    private void Write(IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("id", CandidateIds.Answer(target, _id));
        writer.WriteString("object", "chat.completion");
        writer.WriteNumber("created", now.ToUnixTimeSeconds());
        writer.WriteString("model", callersModel);
        writer.WriteStartArray("choices");
        foreach (var candidate in _candidates.Values)
        {
            candidate.Write(writer);
        }

        writer.WriteEndArray();
        if (_counts.Usage is { } usage)
        {
            OpenAiUsage.Write(writer, usage);
        }

        if (_tier is not null)
        {
            writer.WriteString("service_tier", _tier);
        }

        writer.WriteEndObject();
    }

    private static WholeAnswer Failed(ProviderFailure failure) => new() { Failure = failure, Usage = failure.Usage };
}
