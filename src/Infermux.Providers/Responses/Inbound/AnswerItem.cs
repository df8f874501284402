using System.Buffers;
using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>One item of an answer while it comes in. Texts are the raw bytes of JSON strings, since a provider may cut one between the halves of a surrogate pair.</summary>
internal sealed class AnswerItem(AnswerItemKind kind, int index, string id)
{
    /// <summary>What it is.</summary>
    public AnswerItemKind Kind { get; } = kind;

    /// <summary>Its place in <c>output</c>.</summary>
    public int Index { get; } = index;

    /// <summary>Its id.</summary>
    public string Id { get; } = id;

    /// <summary>The id that links a call and its output.</summary>
    public string CallId { get; init; } = "";

    /// <summary>The tool of a call.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its namespace; null: it has none.</summary>
    public string? Namespace { get; init; }

    /// <summary>The text of a message, the summary of a reasoning, the arguments or the input of a call.</summary>
    public ArrayBufferWriter<byte> Text { get; } = new(64);

    /// <summary>The words of a refusal.</summary>
    public ArrayBufferWriter<byte> Refusal { get; } = new(1);

    /// <summary>The place of a message's text among its parts; null while it has none.</summary>
    public int? TextPart { get; set; }

    /// <summary>The place of a message's refusal among its parts; null while it has none.</summary>
    public int? RefusalPart { get; set; }

    /// <summary><c>encrypted_content</c> of a reasoning.</summary>
    public string? Encrypted { get; set; }

    /// <summary>Whether all of it has come.</summary>
    public bool Closed { get; set; }

    /// <summary>Writes it as an object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="status"><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>.</param>
    public void Write(Utf8JsonWriter writer, string status)
    {
        var begins = status is "in_progress";
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        switch (Kind)
        {
            case AnswerItemKind.Message:
                writer.WriteString("type", "message");
                writer.WriteString("status", status);
                WriteParts(writer, begins);
                writer.WriteString("role", "assistant");
                break;
            case AnswerItemKind.Reasoning:
                writer.WriteString("type", "reasoning");
                WriteSummary(writer, begins);
                writer.WriteString("encrypted_content", Encrypted);
                break;
            default:
                var isCustom = Kind == AnswerItemKind.CustomCall;
                writer.WriteString("type", isCustom ? "custom_tool_call" : "function_call");
                writer.WriteString("status", status);
                RawText.Write(writer, isCustom ? "input" : "arguments", begins ? default : Text.WrittenSpan);
                writer.WriteString("call_id", CallId);
                writer.WriteString("name", Name);
                if (Namespace is not null)
                {
                    writer.WriteString("namespace", Namespace);
                }

                break;
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the text part of a message.</summary>
    public static void WriteTextPart(Utf8JsonWriter writer, ReadOnlySpan<byte> raw)
    {
        writer.WriteString("type", "output_text");
        writer.WriteStartArray("annotations");
        writer.WriteEndArray();
        writer.WriteStartArray("logprobs");
        writer.WriteEndArray();
        RawText.Write(writer, "text", raw);
    }

    /// <summary>Writes the refusal part of a message.</summary>
    public static void WriteRefusalPart(Utf8JsonWriter writer, ReadOnlySpan<byte> raw)
    {
        writer.WriteString("type", "refusal");
        RawText.Write(writer, "refusal", raw);
    }

    private void WriteParts(Utf8JsonWriter writer, bool begins)
    {
        writer.WriteStartArray("content");
        for (var part = 0; part < 2 && !begins; part++)
        {
            if (TextPart == part)
            {
                writer.WriteStartObject();
                WriteTextPart(writer, Text.WrittenSpan);
                writer.WriteEndObject();
            }
            else if (RefusalPart == part)
            {
                writer.WriteStartObject();
                WriteRefusalPart(writer, Refusal.WrittenSpan);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    private void WriteSummary(Utf8JsonWriter writer, bool begins)
    {
        writer.WriteStartArray("summary");
        if (Text.WrittenCount > 0 && !begins)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "summary_text");
            RawText.Write(writer, "text", Text.WrittenSpan);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>A call's wrapped arguments become the input that they wrap.</summary>
    public void UnwrapInput()
    {
        try
        {
            var arguments = JsonSerializer.Deserialize<string>([(byte)'"', .. Text.WrittenSpan, (byte)'"'])!;
            var input = JsonLiteral.Of(CustomTools.Unwrap(arguments));
            Text.ResetWrittenCount();
            Text.Write(input.AsSpan(1, input.Length - 2));
        }
        catch (Exception cut) when (cut is JsonException or InvalidOperationException)
        {
            // Half a character at the end of what the output cap cut: it stays wrapped, as it came.
        }
    }
}
