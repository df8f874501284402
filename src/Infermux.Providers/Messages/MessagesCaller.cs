using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>Callers that speak Anthropic Messages, answered by providers that do not.</summary>
internal sealed class MessagesCaller : ICallerDialect
{
    /// <summary>How JSON is written here: only what must be is escaped.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public void WriteChat(InferenceRequest request, AttemptTarget target, bool extended, IBufferWriter<byte> chat, ICollection<string> dropped)
    {
        using var document = request.Parse();
        using var writer = new Utf8JsonWriter(chat, Writing);
        var left = new SortedSet<string>(StringComparer.Ordinal);
        new ChatRequest(document.RootElement, request, new ChatTarget(target, extended), left).Write(writer);
        foreach (var name in left)
        {
            dropped.Add(name);
        }
    }

    /// <inheritdoc/>
    public void WriteAnswer(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> chat, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(chat, JsonReading.DeepReader);
        using var document = JsonDocument.ParseValue(ref reader);
        using var writer = new Utf8JsonWriter(output, Writing);
        new MessageWriter(request, target).Write(document.RootElement, writer);
    }

    /// <inheritdoc/>
    public CallerStream CreateStream(InferenceRequest request, AttemptTarget target) => new MessageStream(request, target);
}
