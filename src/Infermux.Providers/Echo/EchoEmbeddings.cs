using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Infermux.Providers.Echo;

/// <summary>Eight numbers for each input, from a hash of it: the same text always gives the same vector.</summary>
internal static class EchoEmbeddings
{
    private const int Dimensions = 8;

    public static byte[] Answer(JsonElement body)
    {
        var inputs = Inputs(body);
        var base64 = body.TryGetProperty("encoding_format", out var format) && format.ValueKind == JsonValueKind.String && format.ValueEquals("base64"u8);
        var tokens = inputs.Sum(i => Math.Max(1, Encoding.UTF8.GetByteCount(i) / 4));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            for (var i = 0; i < inputs.Count; i++)
            {
                WriteOne(json, i, Vector(inputs[i]), base64);
            }

            json.WriteEndArray();
            json.WriteString("model"u8, body.TryGetProperty("model", out var model) ? model.GetString() : "echo-v1");
            json.WriteStartObject("usage"u8);
            json.WriteNumber("prompt_tokens"u8, tokens);
            json.WriteNumber("total_tokens"u8, tokens);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteOne(Utf8JsonWriter json, int index, float[] vector, bool base64)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "embedding"u8);
        json.WriteNumber("index"u8, index);
        if (base64)
        {
            var bytes = new byte[vector.Length * sizeof(float)];
            for (var i = 0; i < vector.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
            }

            json.WriteBase64String("embedding"u8, bytes);
        }
        else
        {
            json.WriteStartArray("embedding"u8);
            foreach (var number in vector)
            {
                json.WriteNumberValue(number);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static float[] Vector(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return [.. Enumerable.Range(0, Dimensions).Select(i => (BinaryPrimitives.ReadInt32LittleEndian(hash.AsSpan(i * 4)) / (float)int.MaxValue))];
    }

    private static List<string> Inputs(JsonElement body) => !body.TryGetProperty("input", out var input) ? []
        : input.ValueKind == JsonValueKind.String ? [input.GetString()!]
        : input.ValueKind == JsonValueKind.Array && input.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Number) ? [input.GetRawText()]
        : input.ValueKind == JsonValueKind.Array ? [.. input.EnumerateArray().Select(i => i.ValueKind == JsonValueKind.String ? i.GetString()! : i.GetRawText())]
        : [];
}
