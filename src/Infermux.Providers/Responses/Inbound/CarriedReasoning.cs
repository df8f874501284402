using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>
/// Opaque reasoning of any maker in <c>encrypted_content</c>, which is all that clients of Responses are sure to send back. An item that a Responses provider made
/// keeps its value as it is; of others the whole pivot item goes along: <c>imx1.&lt;provider&gt;.&lt;model&gt;.~&lt;base64 of its JSON&gt;</c>.
/// </summary>
internal static class CarriedReasoning
{
    private const char Packed = '~'; // no maker's value begins with it: they are base64 of some kind

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value of <c>encrypted_content</c> for an item of <c>reasoning_details</c>; null where it holds nothing opaque.</summary>
    public static string? Pack(JsonElement detail)
    {
        var name = detail.Text("data") is not null ? "data" : "signature";
        var marked = detail.Text(name);
        if (string.IsNullOrEmpty(marked))
        {
            return null;
        }

        if (IsResponses(detail) || !OpaqueMark.TryRead(marked, out _, out _, out var value))
        {
            return marked;
        }

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Options))
        {
            writer.WriteStartObject();
            foreach (var member in detail.EnumerateObject().Where(static member => !member.NameEquals("index")))
            {
                if (member.NameEquals(name))
                {
                    writer.WriteString(name, value);
                }
                else
                {
                    member.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return $"{marked[..^value.Length]}{Packed}{Convert.ToBase64String(json.WrittenSpan)}";
    }

    /// <summary>Writes the members of the <c>reasoning_details</c> item that a <c>reasoning</c> item of the input stands for; false where it holds none.</summary>
    public static bool Unpack(JsonElement item, Utf8JsonWriter writer)
    {
        var marked = item.Text("encrypted_content");
        if (!OpaqueMark.TryRead(marked, out _, out _, out var value))
        {
            return false;
        }

        if (!value.StartsWith(Packed))
        {
            WriteOwn(item, marked!, writer);
            return true;
        }

        return Base64.IsValid(value.AsSpan(1)) && WritePacked(Convert.FromBase64String(value[1..]), marked![..^value.Length], writer);
    }

    private static bool IsResponses(JsonElement detail) =>
        detail.Text("type") is "reasoning.encrypted" && detail.Text("format") is null && detail.Text("id")?.StartsWith("rs_", StringComparison.Ordinal) is true;

    private static void WriteOwn(JsonElement item, string marked, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "reasoning.encrypted");
        writer.WriteString("id", item.Text("id") ?? "rs_");
        writer.WriteStartArray("summary");
        foreach (var part in item.List("summary").Where(static part => part.Text("text") is not null))
        {
            part.GetProperty("text").WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteString("data", marked);
        writer.WriteEndObject();
    }

    private static bool WritePacked(byte[] json, string mark, Utf8JsonWriter writer)
    {
        if (!TryParse(json, out var document))
        {
            return false;
        }

        using (document)
        {
            if (document!.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            writer.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Name is "data" or "signature" && member.Value.ValueKind == JsonValueKind.String)
                {
                    writer.WriteString(member.Name, mark + member.Value.GetString());
                }
                else
                {
                    member.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
            return true;
        }
    }

    /// <summary>A client may have cut or changed it.</summary>
    private static bool TryParse(byte[] json, out JsonDocument? document)
    {
        document = null;
        try
        {
            document = JsonDocument.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
