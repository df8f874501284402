using System.Buffers;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Json;

namespace Infermux.Providers.OpenAi;

/// <summary>Writes chunks of an OpenAI stream: edited ones as they came, and those the provider left out or held back at the end.</summary>
/// <param name="operation">What was asked for.</param>
/// <param name="model">The caller's model name as JSON.</param>
/// <param name="id">The stream's <c>id</c> as JSON; null where no chunk had one.</param>
/// <param name="created">The stream's <c>created</c> as JSON.</param>
internal readonly struct ChunkWriter(Operation operation, ReadOnlyMemory<byte> model, ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> created)
{
    private static readonly byte[] Prefix = "data: "u8.ToArray();
    private static readonly byte[] End = "\n\n"u8.ToArray();

    /// <summary>Writes one event: the JSON with its edits.</summary>
    public static void Write(ReadOnlySpan<byte> json, JsonEdits edits, IBufferWriter<byte> output)
    {
        var length = edits.LengthAfter(json.Length);
        var total = Prefix.Length + length + End.Length;
        var to = output.GetSpan(total);
        Prefix.CopyTo(to);
        var text = to.Slice(Prefix.Length, length);
        edits.Copy(json, text);
        if (text.Contains((byte)'\n'))
        {
            text.Replace((byte)'\n', (byte)' '); // the event had several data lines; between JSON tokens a blank is as good
        }

        End.CopyTo(to[(Prefix.Length + length)..]);
        output.Advance(total);
    }

    /// <summary>Writes the last chunk of a choice whose provider never said why it ended.</summary>
    public void WriteFinish(ChoiceState choice, IBufferWriter<byte> output)
    {
        using var chunk = Begin(output);
        chunk.WriteStartArray("choices"u8);
        chunk.WriteStartObject();
        chunk.WriteNumber("index"u8, choice.Index);
        if (operation == Operation.ChatCompletions)
        {
            chunk.WriteStartObject("delta"u8);
            chunk.WriteEndObject();
        }
        else
        {
            chunk.WriteString("text"u8, ""u8);
        }

        chunk.WriteNull("logprobs"u8);
        chunk.WriteString("finish_reason"u8, choice.HasCalls ? "tool_calls"u8 : "stop"u8);
        chunk.WriteEndObject();
        chunk.WriteEndArray();
        Finish(chunk, output);
    }

    /// <summary>Writes the usage chunk: the provider's own where it sent one, else one made of its usage, else of ours.</summary>
    public void WriteUsage(byte[]? own, byte[]? usageJson, TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output)
    {
        if (own is not null)
        {
            var edits = new JsonEdits();
            var brace = own.AsSpan().LastIndexOf((byte)'}');
            edits.Add(brace, 0, infermuxJson.IsEmpty ? default : (byte[])[.. ",\"infermux\":"u8, .. infermuxJson]);
            Write(own, edits, output);
            return;
        }

        using var chunk = Begin(output);
        chunk.WriteStartArray("choices"u8);
        chunk.WriteEndArray();
        chunk.WritePropertyName("usage"u8);
        if (usageJson is not null)
        {
            chunk.WriteRawValue(usageJson, skipInputValidation: true);
        }
        else
        {
            WriteUsage(chunk, usage);
        }

        if (!infermuxJson.IsEmpty)
        {
            chunk.WritePropertyName("infermux"u8);
            chunk.WriteRawValue(infermuxJson, skipInputValidation: true);
        }

        Finish(chunk, output);
    }

    private static void WriteUsage(Utf8JsonWriter chunk, TokenUsage usage)
    {
        chunk.WriteStartObject();
        chunk.WriteNumber("prompt_tokens"u8, usage.Prompt);
        chunk.WriteNumber("completion_tokens"u8, usage.Output);
        chunk.WriteNumber("total_tokens"u8, usage.Total);
        chunk.WriteStartObject("prompt_tokens_details"u8);
        chunk.WriteNumber("cached_tokens"u8, usage.CacheRead);
        chunk.WriteEndObject();
        chunk.WriteStartObject("completion_tokens_details"u8);
        chunk.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        chunk.WriteEndObject();
        chunk.WriteEndObject();
    }

    private Utf8JsonWriter Begin(IBufferWriter<byte> output)
    {
        output.Write(Prefix);
        var chunk = new Utf8JsonWriter(output);
        chunk.WriteStartObject();
        chunk.WritePropertyName("id"u8);
        chunk.WriteRawValue(id.IsEmpty ? "\"\""u8 : id.Span, skipInputValidation: true);
        chunk.WriteString("object"u8, operation == Operation.ChatCompletions ? "chat.completion.chunk"u8 : "text_completion"u8);
        chunk.WritePropertyName("created"u8);
        chunk.WriteRawValue(created.IsEmpty ? "0"u8 : created.Span, skipInputValidation: true);
        chunk.WritePropertyName("model"u8);
        chunk.WriteRawValue(model.Span, skipInputValidation: true);
        return chunk;
    }

    private static void Finish(Utf8JsonWriter chunk, IBufferWriter<byte> output)
    {
        chunk.WriteEndObject();
        chunk.Flush();
        output.Write(End);
    }
}
