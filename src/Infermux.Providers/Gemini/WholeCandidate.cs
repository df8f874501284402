using System.Buffers;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>A candidate that is read to its end and written as a choice.</summary>
/// <param name="index">Which choice it is.</param>
/// <param name="target">The maker of its signatures.</param>
internal sealed class WholeCandidate(int index, AttemptTarget target) : Candidate(index)
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _thoughts = new();
    private readonly ArrayBufferWriter<byte> _logprobs = new();
    private readonly List<(string Id, string Name, byte[] Arguments)> _calls = [];
    private readonly List<(string? Call, string Marked)> _signatures = [];

    /// <summary>Writes the choice.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", Index);
        WriteMessage(writer);
        writer.WritePropertyName("logprobs");
        if (_logprobs.WrittenCount == 0)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteRawValue([.. "{\"content\":["u8, .. _logprobs.WrittenSpan, .. "],\"refusal\":null}"u8], skipInputValidation: true);
        }

        writer.WriteString("finish_reason", ChatFinish);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override void OnText(ReadOnlySpan<byte> raw) => _text.Write(raw);

    /// <inheritdoc/>
    protected override void OnThought(ReadOnlySpan<byte> raw) => _thoughts.Write(raw);

    /// <inheritdoc/>
    protected override void OnCall(int call, string id, string name, ReadOnlySpan<byte> arguments) => _calls.Add((id, name, arguments.ToArray()));

    /// <inheritdoc/>
    protected override void OnSignature(string? call, string signature) => _signatures.Add((call, OpaqueMark.Add(target, signature)));

    /// <inheritdoc/>
    protected override void OnLogprobs(JsonElement result)
    {
        var elements = Logprobs.Elements(result);
        if (_logprobs.WrittenCount > 0 && elements.Length > 0)
        {
            _logprobs.Write(","u8);
        }

        _logprobs.Write(elements);
    }

    private void WriteMessage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        if (_text.WrittenCount == 0 && _calls.Count > 0)
        {
            writer.WriteNull("content");
        }
        else
        {
            RawText.Write(writer, "content", _text.WrittenSpan);
        }

        writer.WriteString("refusal", Refusal);
        if (_thoughts.WrittenCount > 0)
        {
            RawText.Write(writer, "reasoning_content", _thoughts.WrittenSpan);
        }

        WriteSignatures(writer);
        if (_calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            _calls.ForEach(call => WriteCall(writer, call));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteSignatures(Utf8JsonWriter writer)
    {
        if (_signatures.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("reasoning_details");
        foreach (var (call, marked) in _signatures)
        {
            writer.WriteStartObject();
            ThoughtSignatures.Write(writer, call, marked);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCall(Utf8JsonWriter writer, (string Id, string Name, byte[] Arguments) call)
    {
        writer.WriteStartObject();
        writer.WriteString("id", call.Id);
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", call.Name);
        RawText.Write(writer, "arguments", call.Arguments);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
