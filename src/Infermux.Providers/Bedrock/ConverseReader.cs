using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Bedrock;

/// <summary>
/// Reads a whole answer of <c>converse</c> and writes it as a chat completion. Blocks are told apart by their one member, never by their place.
/// </summary>
internal sealed class ConverseReader(string callersModel, AttemptTarget target, string? answerTool, DateTimeOffset now)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _thinking = new();
    private readonly List<ReasoningBlock> _reasoning = [];
    private readonly List<JsonElement> _calls = [];
    private long _characters;

    /// <summary>Reads and writes.</summary>
    public WholeAnswer Read(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        try
        {
            var reader = new Utf8JsonReader(body, JsonReading.DeepReader);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement, output);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return Failed(BedrockFailures.NotAnAnswer($"The answer is no message: {Failures.ErrorBody.Read(body).Message}"));
        }
    }

    private WholeAnswer Read(JsonElement root, IBufferWriter<byte> output)
    {
        var usage = ConverseUsage.Read(root.Find("usage"));
        if (root.Find("output")?.Find("message")?.Find("content") is not { ValueKind: JsonValueKind.Array } content)
        {
            return Failed(BedrockFailures.NotAnAnswer("The answer is JSON, but no message of Converse.", usage));
        }

        var reason = root.Text("stopReason");
        if (StopReasons.IsFault(reason))
        {
            return Failed(BedrockFailures.NotAnAnswer($"The model wrote what Bedrock cannot read ({reason}).", usage));
        }

        foreach (var block in content.EnumerateArray())
        {
            Take(block);
        }

        Write(reason, usage, output);
        return new WholeAnswer { Usage = usage, OutputCharacters = _characters };
    }

    private void Take(JsonElement block)
    {
        if (block.Find("text") is not null)
        {
            Append(_text, RawText.Of(block, "text"));
        }
        else if (block.Find("reasoningContent") is { } content)
        {
            var reasoning = new ReasoningBlock();
            Append(_thinking, reasoning.TakeWhole(content));
            _reasoning.Add(reasoning);
        }
        else if (block.Find("toolUse") is { } call && answerTool is not null && string.Equals(call.Text("name"), answerTool, StringComparison.Ordinal))
        {
            Append(_text, JsonEncodedText.Encode(Input(call), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        }
        else if (block.Find("toolUse") is { } use)
        {
            _calls.Add(use);
            _characters += Input(use).Length;
        } // else blocks nobody asked for, or of a later time
    }

    private void Append(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> raw)
    {
        _characters += RawText.Length(raw);
        to.Write(raw);
    }

    private void Write(string? reason, TokenUsage? usage, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("id", ChatId.Of(target));
        writer.WriteString("object", "chat.completion");
        writer.WriteNumber("created", now.ToUnixTimeSeconds());
        writer.WriteString("model", callersModel);
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        WriteMessage(writer);
        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", StopReasons.ToOpenAi(reason, _calls.Count > 0));
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (usage is { } counted)
        {
            OpenAiUsage.Write(writer, counted);
        }

        writer.WriteEndObject();
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

        writer.WriteNull("refusal");
        WriteReasoning(writer);
        if (_calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            _calls.ForEach(call => WriteCall(writer, call));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteReasoning(Utf8JsonWriter writer)
    {
        if (_thinking.WrittenCount > 0)
        {
            RawText.Write(writer, "reasoning_content", _thinking.WrittenSpan);
        }

        var signed = _reasoning.FindAll(static block => block.IsSigned);
        if (signed.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("reasoning_details");
        for (var n = 0; n < signed.Count; n++)
        {
            writer.WriteStartObject();
            signed[n].Write(writer, target, n);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCall(Utf8JsonWriter writer, JsonElement call)
    {
        writer.WriteStartObject();
        writer.WriteString("id", call.Text("toolUseId") ?? "");
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", call.Text("name") ?? "");
        writer.WriteString("arguments", Input(call));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Input(JsonElement call) => call.Find("input") is { ValueKind: JsonValueKind.Object } input
        ? JsonMarshal.GetRawUtf8Value(input)
        : "{}"u8;

    private static WholeAnswer Failed(ProviderFailure failure) => new() { Failure = failure, Usage = failure.Usage };
}
