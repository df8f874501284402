using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>
/// Reads the answer to an embeddings request and writes it as OpenAI does. Vectors that were asked for shorter than the model's own are brought to length one,
/// which OpenAI's are and Gemini's cut ones are not.
/// </summary>
/// <param name="callersModel">The model's name toward the caller.</param>
/// <param name="plan">What was asked.</param>
/// <param name="estimate">Tokens that are shown where Gemini counted none; what is settled is marked as estimated then.</param>
/// <param name="now">For waits that are told as a moment.</param>
internal sealed class EmbeddingReader(string callersModel, EmbeddingPlan plan, long estimate, DateTimeOffset now)
{
    private const long MostTokens = 1_000_000_000; // no text is so long, and sums stay far from overflow

    /// <summary>Reads and writes.</summary>
    public WholeAnswer Read(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement, body, output);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException or FormatException)
        {
            return Failed(GeminiFailures.NotAnAnswer($"The answer is no embedding: {Failures.ErrorBody.Read(body).Message}"));
        }
    }

    private WholeAnswer Read(JsonElement root, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        if (root.Find("error") is not null)
        {
            return Failed(GeminiFailures.ReadInAnswer(body, now, null));
        }

        var read = Embeddings(root);
        List<float[]> vectors = [.. read.Select(Vector)];
        if (vectors.Count != plan.Inputs.Count || vectors.Exists(static vector => vector.Length == 0 || vector.Any(static value => !float.IsFinite(value))))
        {
            return Failed(GeminiFailures.NotAnAnswer($"The answer has {vectors.Count} embeddings for {plan.Inputs.Count} texts, or one that is empty or beyond numbers."));
        }

        var usage = Usage(root, read);
        Write(vectors, usage?.Prompt ?? estimate, output);
        return new WholeAnswer { Usage = usage };
    }

    private List<JsonElement> Embeddings(JsonElement root) => plan.Form == EmbeddingForm.Predict
        ? [.. root.List("predictions").Select(static prediction => prediction.Find("embeddings") ?? default)]
        : root.Find("embedding") is { } one ? [one] : [.. root.List("embeddings")];

    /// <summary>What was counted: by <c>predict</c> beside each vector, else once. Null where anything was left uncounted.</summary>
    private TokenUsage? Usage(JsonElement root, List<JsonElement> read)
    {
        if (plan.Form == EmbeddingForm.Predict)
        {
            var each = read.ConvertAll(static embedding => embedding.Find("statistics")?.Number("token_count"));
            return each.TrueForAll(static count => count is >= 0 and <= MostTokens) ? new TokenUsage((long)each.Sum(static count => count!.Value)) : null;
        }

        var counts = default(UsageCounts);
        counts.Take(root.Find("usageMetadata"));
        return counts.Usage is { } counted ? new TokenUsage(counted.FreshInput, counted.CacheRead) : null;
    }

    private float[] Vector(JsonElement embedding)
    {
        float[] vector = [.. embedding.List("values").Select(static value => value.GetSingle())];
        return plan.Dimensions is null ? vector : OfLengthOne(vector);
    }

    private static float[] OfLengthOne(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(static value => (double)value * value));
        return length > 0 ? [.. vector.Select(value => (float)(value / length))] : vector;
    }

    private void Write(List<float[]> vectors, long tokens, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        for (var i = 0; i < vectors.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("object", "embedding");
            writer.WriteNumber("index", i);
            WriteVector(writer, vectors[i]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("model", callersModel);
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", tokens);
        writer.WriteNumber("total_tokens", tokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteVector(Utf8JsonWriter writer, float[] vector)
    {
        if (plan.Base64)
        {
            var bytes = new byte[vector.Length * sizeof(float)];
            for (var i = 0; i < vector.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
            }

            writer.WriteBase64String("embedding", bytes);
            return;
        }

        writer.WriteStartArray("embedding");
        foreach (var value in vector)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    private static WholeAnswer Failed(ProviderFailure failure) => new() { Failure = failure };
}
