using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>An embeddings request: one text by <c>embedContent</c>, several by <c>batchEmbedContents</c>, on Vertex AI by <c>predict</c>.</summary>
internal sealed class EmbeddingPlan
{
    /// <summary>The most texts the Gemini API takes in one request.</summary>
    private const int MostInputs = 100;

    /// <summary>The most texts that <c>predict</c> takes in one request; <c>gemini-embedding-001</c> may take fewer and says so.</summary>
    private const int MostInstances = 250;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly FrozenSet<string> Translated =
        FrozenSet.ToFrozenSet(["model", "input", "dimensions", "encoding_format", "stream"], StringComparer.Ordinal);

    private readonly SortedSet<string> _dropped = new(StringComparer.Ordinal);

    private EmbeddingPlan(JsonElement request, AttemptTarget target)
    {
        UntranslatedFields.Drop(request, Translated, _dropped);
        (Inputs, Form) = ReadInputs(request, target);
        Dimensions = ReadDimensions(request);
        Base64 = request.Text("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            var other => throw new RequestRefusedException($"'encoding_format' is '{other}'; use float or base64.", "encoding_format"),
        };
        if (request.IsTrue("stream"))
        {
            throw new RequestRefusedException("Embeddings do not stream; leave 'stream' out.", "stream");
        }
    }

    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>The call that embeds them.</summary>
    public EmbeddingForm Form { get; }

    /// <summary>Length of the vectors; null: the model's own.</summary>
    public long? Dimensions { get; }

    /// <summary>Whether vectors are wanted as base64 of little-endian floats, as the official clients do unless told otherwise.</summary>
    public bool Base64 { get; }

    /// <summary>Request fields that were left out, in order of their names.</summary>
    public IReadOnlyList<string> Dropped => [.. _dropped];

    /// <summary>The method to call.</summary>
    public string Method => Form switch
    {
        EmbeddingForm.Batch => "batchEmbedContents",
        EmbeddingForm.Predict => "predict",
        _ => "embedContent",
    };

    /// <summary>Decides.</summary>
    /// <exception cref="RequestRefusedException">The request cannot be said to Gemini.</exception>
    public static EmbeddingPlan For(InferenceRequest request, AttemptTarget target)
    {
        using var document = request.Parse();
        return new EmbeddingPlan(document.RootElement, target);
    }

    /// <summary>The body of the call.</summary>
    public ReadOnlyMemory<byte> Write(string model)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            switch (Form)
            {
                case EmbeddingForm.Batch:
                    WriteBatch(writer, model);
                    break;
                case EmbeddingForm.Predict:
                    WriteInstances(writer);
                    break;
                default:
                    WriteOne(writer, Inputs[0]);
                    break;
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private void WriteBatch(Utf8JsonWriter writer, string model)
    {
        writer.WriteStartArray("requests");
        foreach (var input in Inputs)
        {
            writer.WriteStartObject();
            writer.WriteString("model", GeminiEndpoint.ResourceOf(model));
            WriteOne(writer, input);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteInstances(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("instances");
        foreach (var input in Inputs)
        {
            writer.WriteStartObject();
            writer.WriteString("content", input);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (Dimensions is { } dimensions)
        {
            writer.WriteStartObject("parameters");
            writer.WriteNumber("outputDimensionality", dimensions);
            writer.WriteEndObject();
        }
    }

    private void WriteOne(Utf8JsonWriter writer, string input)
    {
        writer.WriteStartObject("content");
        writer.WriteStartArray("parts");
        writer.WriteStartObject();
        writer.WriteString("text", input);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        if (Dimensions is { } dimensions)
        {
            writer.WriteStartObject("embedContentConfig");
            writer.WriteNumber("outputDimensionality", dimensions);
            writer.WriteEndObject();
        }
    }

    private static (List<string> Inputs, EmbeddingForm Form) ReadInputs(JsonElement request, AttemptTarget target)
    {
        RefuseExpress(target);
        if (request.Find("input") is { ValueKind: JsonValueKind.String } one)
        {
            return ([one.GetString()!], EmbeddingForms.Of(target.Provider, target.Model, isBatch: false));
        }

        List<JsonElement> all = [.. request.List("input")];
        if (all.Count == 0 || all.Exists(static input => input.ValueKind != JsonValueKind.String))
        {
            throw new RequestRefusedException(
                "'input' must be a text or a list of texts; ids of tokens mean something else to every model.", "input", "unsupported");
        }

        var form = EmbeddingForms.Of(target.Provider, target.Model, isBatch: true);
        RefuseMore(all.Count, form);
        return ([.. all.Select(static input => input.GetString()!)], form);
    }

    private static void RefuseMore(int count, EmbeddingForm form)
    {
        var (most, who) = form switch
        {
            EmbeddingForm.Batch => (MostInputs, "Gemini"),
            EmbeddingForm.Predict => (MostInstances, "Vertex AI"),
            _ => (1, "this model on Vertex AI"),
        };
        if (count > most)
        {
            throw new RequestRefusedException(
                string.Create(CultureInfo.InvariantCulture, $"'input' has {count} texts and {who} takes {most} at most; send fewer at once."), "input", "unsupported");
        }
    }

    private static void RefuseExpress(AttemptTarget target)
    {
        if (VertexPlace.Is(target.Provider) && string.IsNullOrEmpty(target.Provider.VertexProject))
        {
            throw new RequestRefusedException(
                "Vertex AI's express mode has no embeddings; its operator can set vertex_project for them.", "model", "unsupported");
        }
    }

    private static long? ReadDimensions(JsonElement request) => request.Find("dimensions") is null ? null
        : request.Count("dimensions") is > 0 and var dimensions ? dimensions
        : throw new RequestRefusedException("'dimensions' must be a whole number above zero.", "dimensions");
}
