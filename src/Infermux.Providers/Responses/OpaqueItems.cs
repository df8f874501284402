using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses;

/// <summary>
/// The items of a conversation that mean something to their maker alone (<c>reasoning</c>, <c>compaction</c>), on their way to a provider of the same dialect:
/// the mark is taken off for the maker, and what another made, or what points at a state that nobody kept, is removed.
/// </summary>
internal static class OpaqueItems
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether an input may hold such items, found without parsing it.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> input) => input.IndexOf("\"imx1."u8) >= 0 || input.IndexOf("\"rs_"u8) >= 0;

    /// <summary>The input with its items set right for the target.</summary>
    /// <param name="input">The JSON of <c>input</c>.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="removed">Whether an item was removed.</param>
    public static ReadOnlyMemory<byte> For(ReadOnlyMemory<byte> input, AttemptTarget target, out bool removed)
    {
        using var document = JsonDocument.Parse(input, JsonReading.Deep);
        var output = new ArrayBufferWriter<byte>(input.Length);
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            removed = document.RootElement.ValueKind == JsonValueKind.Array && Write(document.RootElement, target, writer);
        }

        return output.WrittenCount > 0 ? output.WrittenMemory : input; // nothing: the input is a text
    }

    private static bool Write(JsonElement items, AttemptTarget target, Utf8JsonWriter writer)
    {
        var removed = false;
        var orphaned = false; // the reasoning before was removed: an id would make the provider look for it
        writer.WriteStartArray();
        foreach (var item in items.EnumerateArray())
        {
            var type = item.Text("type");
            if (type is not ("reasoning" or "compaction"))
            {
                orphaned &= IsModels(item, type);
                WriteWithout(orphaned ? "id" : "", item, writer);
                continue;
            }

            var sent = Value(item, target);
            removed |= sent is null;
            orphaned = sent is null;
            if (sent is not null)
            {
                WriteWithValue(item, sent, writer);
            }
        }

        writer.WriteEndArray();
        return removed;
    }

    /// <summary>Whether it is part of the model's own turn.</summary>
    private static bool IsModels(JsonElement item, string? type) =>
        item.Text("role") is null or "assistant" && type?.EndsWith("_output", StringComparison.Ordinal) is not true;

    private static string? Value(JsonElement item, AttemptTarget target)
    {
        var value = item.Text("encrypted_content");
        return OpaqueMark.TryRead(value, out _, out _, out _) ? OpaqueMark.Take(target, value) : value;
    }

    private static void WriteWithout(string left, JsonElement item, Utf8JsonWriter writer)
    {
        if (left.Length == 0 || item.ValueKind != JsonValueKind.Object)
        {
            item.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in item.EnumerateObject().Where(member => !member.NameEquals(left)))
        {
            member.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteWithValue(JsonElement item, string value, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var member in item.EnumerateObject())
        {
            if (member.NameEquals("encrypted_content"))
            {
                writer.WriteString("encrypted_content", value);
            }
            else
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
