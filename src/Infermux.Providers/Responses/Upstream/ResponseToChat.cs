using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>Reads a whole response and writes it as a chat completion.</summary>
internal sealed class ResponseToChat(string callersModel, AttemptTarget target, DateTimeOffset now)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _refusal = new();
    private readonly ArrayBufferWriter<byte> _thinking = new();
    private readonly List<JsonElement> _calls = [];
    private readonly List<(JsonElement Item, string? Before)> _reasoning = [];
    private bool _placed = true; // whether the last reasoning has its place
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
            return new WholeAnswer { Failure = FailureReader.NotAnAnswer($"answered 200 with something that is no response: {SecretMask.Apply(ErrorBody.Read(body).Message)}") };
        }
    }

    private WholeAnswer Read(JsonElement root, IBufferWriter<byte> output)
    {
        var usage = ResponsesUsage.Read(root.Find("usage"));
        var status = root.Text("status");
        if (root.Find("error") is not null || status is "failed")
        {
            return Failed(ResponsesFailures.Read(root, now, usage));
        }

        if (status is not (null or "completed" or "incomplete") || root.Find("output") is not { ValueKind: JsonValueKind.Array } items)
        {
            return Failed(FailureReader.NotAnAnswer($"answered 200 with JSON that is no finished response (status '{status}')", usage));
        }

        foreach (var item in items.EnumerateArray())
        {
            Take(item);
        }

        var tier = root.Text("service_tier");
        Write(root, usage, tier, output);
        return new WholeAnswer { Usage = usage, ServiceTier = tier, OutputCharacters = _characters };
    }

    private void Take(JsonElement item)
    {
        switch (item.Text("type"))
        {
            case "message":
                foreach (var part in item.List("content"))
                {
                    Append(_text, RawText.Of(part, "text"));
                    Append(_refusal, RawText.Of(part, "refusal"));
                }

                break;
            case "reasoning":
                foreach (var part in item.List("summary").Concat(item.List("content")))
                {
                    Append(_thinking, _thinking.WrittenCount > 0 ? "\\n\\n"u8 : default);
                    Append(_thinking, RawText.Of(part, "text"));
                }

                _reasoning.Add((item, null));
                _placed = _calls.Count == 0 && _text.WrittenCount == 0; // the first ones stand before all else anyway
                break;
            case "function_call" or "custom_tool_call":
                _calls.Add(item);
                _characters += RawText.Length(RawText.Of(item, "arguments")) + RawText.Length(RawText.Of(item, "input"));
                if (!_placed)
                {
                    _reasoning[^1] = (_reasoning[^1].Item, item.Text("call_id"));
                    _placed = true;
                }

                break;
            default: // items nobody asked for, or of a later time
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
        writer.WriteNumber("created", root.Count("created_at") ?? now.ToUnixTimeSeconds());
        writer.WriteString("model", callersModel);
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        WriteMessage(writer);
        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", Finish.Reason(root, _calls.Count > 0));
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

    private void WriteMessage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        if (_text.WrittenCount == 0 && (_calls.Count > 0 || _refusal.WrittenCount > 0))
        {
            writer.WriteNull("content");
        }
        else
        {
            RawText.Write(writer, "content", _text.WrittenSpan);
        }

        if (_refusal.WrittenCount > 0)
        {
            RawText.Write(writer, "refusal", _refusal.WrittenSpan);
        }
        else
        {
            writer.WriteNull("refusal");
        }

        if (_thinking.WrittenCount > 0)
        {
            RawText.Write(writer, "reasoning_content", _thinking.WrittenSpan);
        }

        WriteReasoning(writer);
        if (_calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            foreach (var call in _calls)
            {
                WriteCall(writer, call);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteReasoning(Utf8JsonWriter writer)
    {
        var opaque = _reasoning.Where(static entry => entry.Item.Text("encrypted_content") is { Length: > 0 }).ToList();
        if (opaque.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("reasoning_details");
        foreach (var (item, before) in opaque)
        {
            writer.WriteStartObject();
            ReasoningDetail.Write(writer, item, before, target);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCall(Utf8JsonWriter writer, JsonElement call)
    {
        var custom = call.Text("type") is "custom_tool_call";
        writer.WriteStartObject();
        writer.WriteString("id", call.Text("call_id") ?? call.Text("id") ?? "");
        writer.WriteString("type", custom ? "custom" : "function");
        writer.WriteStartObject(custom ? "custom" : "function");
        writer.WriteString("name", call.Text("name") ?? "");
        RawText.Write(writer, custom ? "input" : "arguments", RawText.Of(call, custom ? "input" : "arguments"));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static WholeAnswer Failed(ProviderFailure failure) => new() { Failure = failure, Usage = failure.Usage };
}
