using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Core.Pricing;

namespace Infermux.Providers.Pivot;

/// <summary>Writes <c>chat.completion.chunk</c> events.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The writer holds nothing of its own: it writes to the output of each call and is flushed there.")]
internal sealed class ChunkWriter(string callersModel, bool includeUsage, DateTimeOffset created)
{
    private readonly Utf8JsonWriter _writer = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The id of every chunk.</summary>
    public string Id { get; set; } = "";

    /// <summary>The choice that is written to; 0 unless set.</summary>
    public int Choice { get; set; }

    /// <summary>The first chunk of a choice.</summary>
    public void Role(IBufferWriter<byte> output)
    {
        Open(output);
        _writer.WriteString("role", "assistant");
        _writer.WriteString("content", "");
        Close(output, null);
    }

    /// <summary>A piece of <c>content</c> or <c>reasoning_content</c>, given as the raw bytes of a JSON string.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="member">Which of them.</param>
    /// <param name="raw">The bytes between the quotes.</param>
    /// <param name="logprobs">The JSON of the choice's <c>logprobs</c>; empty: null.</param>
    public bool Text(IBufferWriter<byte> output, string member, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> logprobs = default)
    {
        Open(output);
        RawText.Write(_writer, member, raw);
        return Close(output, null, logprobs);
    }

    /// <summary>A refusal.</summary>
    public bool Refusal(IBufferWriter<byte> output, string explanation)
    {
        Open(output);
        _writer.WriteString("refusal", explanation);
        return Close(output, null);
    }

    /// <summary>One whole item of <c>reasoning_details</c>.</summary>
    public void ReasoningDetail(IBufferWriter<byte> output, Action<Utf8JsonWriter> members)
    {
        Open(output);
        _writer.WriteStartArray("reasoning_details");
        _writer.WriteStartObject();
        members(_writer);
        _writer.WriteEndObject();
        _writer.WriteEndArray();
        Close(output, null);
    }

    /// <summary>The start of a tool call.</summary>
    public bool ToolStart(IBufferWriter<byte> output, int call, string id, string name)
    {
        OpenCall(output, call);
        _writer.WriteString("id", id);
        _writer.WriteString("type", "function");
        _writer.WriteStartObject("function");
        _writer.WriteString("name", name);
        _writer.WriteString("arguments", "");
        return CloseCall(output);
    }

    /// <summary>A piece of its arguments, given as the raw bytes of a JSON string.</summary>
    public bool ToolArguments(IBufferWriter<byte> output, int call, ReadOnlySpan<byte> raw)
    {
        OpenCall(output, call);
        _writer.WriteStartObject("function");
        RawText.Write(_writer, "arguments", raw);
        return CloseCall(output);
    }

    /// <summary>The start of a call to a custom tool, whose input is a text.</summary>
    public bool CustomStart(IBufferWriter<byte> output, int call, string id, string name)
    {
        OpenCall(output, call);
        _writer.WriteString("id", id);
        _writer.WriteString("type", "custom");
        _writer.WriteStartObject("custom");
        _writer.WriteString("name", name);
        _writer.WriteString("input", "");
        return CloseCall(output);
    }

    /// <summary>A piece of its input, given as the raw bytes of a JSON string.</summary>
    public bool CustomInput(IBufferWriter<byte> output, int call, ReadOnlySpan<byte> raw)
    {
        OpenCall(output, call);
        _writer.WriteStartObject("custom");
        RawText.Write(_writer, "input", raw);
        return CloseCall(output);
    }

    /// <summary>The chunk with the finish reason.</summary>
    public void Finish(IBufferWriter<byte> output, string reason)
    {
        Open(output);
        Close(output, reason);
    }

    /// <summary>The usage chunk where it was asked for, and the terminal mark.</summary>
    public void End(IBufferWriter<byte> output, in TokenUsage usage, ReadOnlySpan<byte> infermuxJson)
    {
        if (includeUsage)
        {
            Head(output);
            _writer.WriteEndArray();
            OpenAiUsage.Write(_writer, usage);
            if (!infermuxJson.IsEmpty)
            {
                _writer.WritePropertyName("infermux");
                _writer.WriteRawValue(infermuxJson, skipInputValidation: true);
            }

            Tail(output);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    private void OpenCall(IBufferWriter<byte> output, int call)
    {
        Open(output);
        _writer.WriteStartArray("tool_calls");
        _writer.WriteStartObject();
        _writer.WriteNumber("index", call);
    }

    private bool CloseCall(IBufferWriter<byte> output)
    {
        _writer.WriteEndObject();
        _writer.WriteEndObject();
        _writer.WriteEndArray();
        return Close(output, null);
    }

    private void Open(IBufferWriter<byte> output)
    {
        Head(output);
        _writer.WriteStartObject();
        _writer.WriteNumber("index", Choice);
        _writer.WriteStartObject("delta");
    }

    private bool Close(IBufferWriter<byte> output, string? reason, ReadOnlySpan<byte> logprobs = default)
    {
        _writer.WriteEndObject();
        _writer.WritePropertyName("logprobs");
        _writer.WriteRawValue(logprobs.IsEmpty ? "null"u8 : logprobs, skipInputValidation: true);
        _writer.WriteString("finish_reason", reason);
        _writer.WriteEndObject();
        _writer.WriteEndArray();
        if (includeUsage)
        {
            _writer.WriteNull("usage");
        }

        Tail(output);
        return true;
    }

    private void Head(IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        _writer.Reset(output);
        _writer.WriteStartObject();
        _writer.WriteString("id", Id);
        _writer.WriteString("object", "chat.completion.chunk");
        _writer.WriteNumber("created", created.ToUnixTimeSeconds());
        _writer.WriteString("model", callersModel);
        _writer.WriteStartArray("choices");
    }

    private void Tail(IBufferWriter<byte> output)
    {
        _writer.WriteEndObject();
        _writer.Flush();
        output.Write("\n\n"u8);
    }
}
