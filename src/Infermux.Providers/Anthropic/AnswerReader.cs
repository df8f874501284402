using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>Reads a whole message and writes it as a chat completion. Blocks are told apart by their type, never by their place.</summary>
internal sealed class AnswerReader(string callersModel, ModelTraits traits, string? answerTool, DateTimeOffset now)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _thinking = new();
    private readonly List<JsonElement> _calls = [];
    private long _characters;

    /// <summary>Reads and writes.</summary>
    public WholeAnswer Read(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement, body, output);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return Failed(AnthropicFailures.NotAnAnswer($"The answer is no message: {Failures.ErrorBody.Read(body).Message}"));
        }
    }

    private WholeAnswer Read(JsonElement root, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        if (root.Text("type") is "error")
        {
            return Failed(AnthropicFailures.ReadInAnswer(body, now, null));
        }

        if (root.Text("type") is not "message" || root.Find("content") is not { ValueKind: JsonValueKind.Array } content)
        {
            return Failed(AnthropicFailures.NotAnAnswer("The answer is JSON, but no Anthropic message."));
        }

        foreach (var block in content.EnumerateArray())
        {
            Take(block);
        }

        var counts = default(UsageCounts);
        counts.Take(root.Find("usage"));
        var tier = ServiceTiers.ToOpenAi(root.Find("usage")?.Text("service_tier"));
        var usage = root.Text("stop_reason") is "refusal" && content.GetArrayLength() == 0 && !traits.BillsEmptyRefusal && counts.Usage is not null
            ? new TokenUsage(0)
            : counts.Usage;
        Write(root, usage, tier, output);
        return new WholeAnswer { Usage = usage, ServiceTier = tier, OutputCharacters = _characters };
    }

    private void Take(JsonElement block)
    {
        switch (block.Text("type"))
        {
            case "text":
                Append(_text, RawText.Of(block, "text"));
                break;
            case "thinking":
                Append(_thinking, RawText.Of(block, "thinking"));
                break;
            case "tool_use" when answerTool is not null && string.Equals(block.Text("name"), answerTool, StringComparison.Ordinal):
                var answer = JsonEncodedText.Encode(Input(block), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
                Append(_text, answer.EncodedUtf8Bytes);
                break;
            case "tool_use":
                _calls.Add(block);
                _characters += Input(block).Length;
                break;
            default: // blocks nobody asked for, or of a later time
                break;
        }
    }

    private void Append(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> raw)
    {
        _characters += RawText.Length(raw);
        to.Write(raw);
    }

    private void Write(JsonElement root, TokenUsage? usage, string? tier, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("id", root.Text("id") ?? "");
        writer.WriteString("object", "chat.completion");
        writer.WriteNumber("created", now.ToUnixTimeSeconds());
        writer.WriteString("model", callersModel);
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        WriteMessage(writer, root);
        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", StopReasons.ToOpenAi(root.Text("stop_reason"), _calls.Count > 0));
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (usage is { } counted)
        {
            OpenAiUsage.Write(writer, counted);
        }

        if (tier is not null)
        {
            writer.WriteString("service_tier", tier);
        }

        writer.WriteEndObject();
    }

    private void WriteMessage(Utf8JsonWriter writer, JsonElement root)
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

        writer.WriteString("refusal", root.Text("stop_reason") is "refusal" ? Refusals.Explanation(root.Find("stop_details")) : null);
        if (_thinking.WrittenCount > 0)
        {
            RawText.Write(writer, "reasoning_content", _thinking.WrittenSpan);
        }

        if (_calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            _calls.ForEach(call => WriteCall(writer, call));
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, JsonElement call)
    {
        writer.WriteStartObject();
        writer.WriteString("id", ToolIds.FromAnthropic(call.Text("id") ?? ""));
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

    private static WholeAnswer Failed(Core.Failures.ProviderFailure failure) => new() { Failure = failure, Usage = failure.Usage };
}
