using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Completions;

/// <summary>Writes a streamed chat answer as one of text completions. Chunks that say nothing there (the role, reasoning) are left out.</summary>
internal sealed class CompletionsStream : CallerStream
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public override void Chunk(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        var chunk = document.RootElement;
        if (chunk.List("choices").Any() && !chunk.List("choices").Any(Says))
        {
            return;
        }

        output.Write("data: "u8);
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            CompletionsCaller.Write(writer, chunk, "delta");
        }

        output.Write("\n\n"u8);
    }

    /// <inheritdoc/>
    public override void End(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output) => output.Write("data: [DONE]\n\n"u8);

    private static bool Says(JsonElement choice) =>
        choice.Text("finish_reason") is not null || RawText.Of(choice.Find("delta") ?? default, "content").Length > 0;
}
