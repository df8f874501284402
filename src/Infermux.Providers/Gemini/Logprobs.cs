using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary><c>logprobsResult</c> as chat's <c>logprobs</c>.</summary>
internal static class Logprobs
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The elements of <c>content</c> as JSON, with commas between them.</summary>
    public static byte[] Elements(JsonElement result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartArray();
            Write(writer, result);
            writer.WriteEndArray();
        }

        return buffer.WrittenSpan[1..^1].ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement result)
    {
        List<JsonElement> tops = [.. result.List("topCandidates")];
        var n = 0;
        foreach (var chosen in result.List("chosenCandidates"))
        {
            writer.WriteStartObject();
            WriteToken(writer, chosen);
            writer.WriteStartArray("top_logprobs");
            foreach (var other in n < tops.Count ? tops[n].List("candidates") : [])
            {
                writer.WriteStartObject();
                WriteToken(writer, other);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            n++;
        }
    }

    private static void WriteToken(Utf8JsonWriter writer, JsonElement candidate)
    {
        var token = candidate.Text("token") ?? "";
        writer.WriteString("token", token);
        writer.WriteNumber("logprob", candidate.Number("logProbability") ?? 0); // Google leaves out zeros
        writer.WriteStartArray("bytes");
        foreach (var one in Encoding.UTF8.GetBytes(token))
        {
            writer.WriteNumberValue(one);
        }

        writer.WriteEndArray();
    }
}
