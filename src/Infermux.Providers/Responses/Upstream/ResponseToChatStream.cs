using System.Buffers;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Pivot;
using Infermux.Providers.Sse;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>
/// Reads a streamed response event by event and writes chat completion chunks. Texts travel as their raw JSON bytes; tool calls are numbered by their own count,
/// because an output index also counts messages and reasoning.
/// </summary>
internal sealed class ResponseToChatStream(ChunkWriter chunks, AttemptTarget target, DateTimeOffset now) : SseTranslator
{
    private readonly Dictionary<long, ToolState> _calls = [];
    private byte[]? _reasoning; // the last reasoning item, until it is known what follows it
    private bool _begun;
    private bool _said; // a message or a call came: reasoning after it is told which call it goes before
    private bool _thought;

    /// <inheritdoc/>
    public override void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output) => chunks.End(output, usage, infermuxJson);

    /// <inheritdoc/>
    protected override StreamProgress Read(in SseEvent next, IBufferWriter<byte> output)
    {
        if (next.Data.StartsWith("[DONE]"u8))
        {
            return StreamProgress.Alive;
        }

        try
        {
            var reader = new Utf8JsonReader(next.Data, JsonReading.DeepReader);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Take(document.RootElement, output)
                : Fail(FailureReader.NotAnAnswer("an event of the stream is not a JSON object", Usage));
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return Fail(FailureReader.NotAnAnswer("an event of the stream is not JSON", Usage));
        }
    }

    /// <inheritdoc/>
    protected override ProviderFailure Unfinished()
    {
        if (_begun || Stray.IsEmpty)
        {
            return new ProviderFailure(FailureClass.BrokenStream, 200, "the stream ended without its terminal event (response.completed)") { Usage = Usage };
        }

        var error = ErrorBody.Read(Stray);
        return error.IsOpenAiShaped || error.Status is not null
            ? FailureReader.ReadInAnswer(Stray, now, Usage)
            : FailureReader.NotAnAnswer("answered a stream request with something that is no stream: " + SecretMask.Apply(error.Message), Usage);
    }

    private StreamProgress Take(JsonElement root, IBufferWriter<byte> output) => root.Text("type") switch
    {
        "response.created" => Begin(root, output),
        "response.output_item.added" => Begin(root, output) | AddItem(root, output),
        "response.output_text.delta" => Text(output, "content", RawText.Of(root, "delta")),
        "response.refusal.delta" => Text(output, "refusal", RawText.Of(root, "delta")),
        "response.reasoning_summary_text.delta" or "response.reasoning_text.delta" => Text(output, "reasoning_content", RawText.Of(root, "delta")),
        "response.reasoning_summary_part.added" when _thought => Text(output, "reasoning_content", "\\n\\n"u8),
        "response.function_call_arguments.delta" or "response.custom_tool_call_input.delta" => Piece(root, output, RawText.Of(root, "delta")),
        "response.function_call_arguments.done" => Rest(root, output, RawText.Of(root, "arguments")),
        "response.custom_tool_call_input.done" => Rest(root, output, RawText.Of(root, "input")),
        "response.output_item.done" => EndItem(root, output),
        "response.completed" or "response.incomplete" => End(root, output),
        "response.failed" or "error" => Fail(ResponsesFailures.Read(root, now, ResponsesUsage.Read(root.Find("response")?.Find("usage")) ?? Usage)),
        _ when root.Find("error") is not null => Fail(ResponsesFailures.Read(root, now, Usage)),
        _ => StreamProgress.Alive,
    };

    private StreamProgress Begin(JsonElement root, IBufferWriter<byte> output)
    {
        if (!_begun)
        {
            _begun = true;
            chunks.Id = root.Find("response")?.Text("id") ?? target.RequestId ?? "";
            chunks.Role(output);
        }

        return StreamProgress.Alive;
    }

    private StreamProgress AddItem(JsonElement root, IBufferWriter<byte> output)
    {
        if (root.Find("item") is not { } item)
        {
            return StreamProgress.Alive;
        }

        switch (item.Text("type"))
        {
            case "function_call" or "custom_tool_call":
                var custom = item.Text("type") is "custom_tool_call";
                var id = item.Text("call_id") ?? item.Text("id") ?? "";
                TellReasoning(output, id);
                var call = _calls[root.Count("output_index") ?? -1] = new ToolState(_calls.Count, custom);
                _said = true;
                _ = custom ? chunks.CustomStart(output, call.Index, id, item.Text("name") ?? "") : chunks.ToolStart(output, call.Index, id, item.Text("name") ?? "");
                return StreamProgress.Progress | StreamProgress.Content;
            case "reasoning":
                TellReasoning(output, null);
                return StreamProgress.Progress;
            default:
                TellReasoning(output, null);
                return StreamProgress.Progress;
        }
    }

    private StreamProgress Text(IBufferWriter<byte> output, string member, ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty)
        {
            return StreamProgress.Alive;
        }

        _said |= member is not "reasoning_content";
        _thought |= member is "reasoning_content";
        OutputCharacters += RawText.Length(raw);
        OutputPieces++;
        chunks.Text(output, member, raw);
        return StreamProgress.Progress | StreamProgress.Content;
    }

    private StreamProgress Piece(JsonElement root, IBufferWriter<byte> output, ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty || !_calls.TryGetValue(root.Count("output_index") ?? -1, out var call))
        {
            return StreamProgress.Alive;
        }

        call.HasPieces = true;
        OutputCharacters += RawText.Length(raw);
        OutputPieces++;
        _ = call.Custom ? chunks.CustomInput(output, call.Index, raw) : chunks.ToolArguments(output, call.Index, raw);
        return StreamProgress.Progress | StreamProgress.Content;
    }

    /// <summary>The whole text of a call that came without pieces (compatible servers).</summary>
    private StreamProgress Rest(JsonElement root, IBufferWriter<byte> output, ReadOnlySpan<byte> raw) =>
        _calls.TryGetValue(root.Count("output_index") ?? -1, out var call) && !call.HasPieces ? Piece(root, output, raw) : StreamProgress.Alive;

    private StreamProgress EndItem(JsonElement root, IBufferWriter<byte> output)
    {
        if (root.Find("item") is not { } item)
        {
            return StreamProgress.Alive;
        }

        switch (item.Text("type"))
        {
            case "reasoning" when item.Text("encrypted_content") is { Length: > 0 }:
                _reasoning = JsonSerializer.SerializeToUtf8Bytes(item);
                if (!_said)
                {
                    TellReasoning(output, null);
                }

                return StreamProgress.Progress;
            case "function_call":
                return Rest(root, output, RawText.Of(item, "arguments"));
            case "custom_tool_call":
                return Rest(root, output, RawText.Of(item, "input"));
            default:
                return StreamProgress.Progress;
        }
    }

    private void TellReasoning(IBufferWriter<byte> output, string? before)
    {
        if (_reasoning is not { } kept)
        {
            return;
        }

        _reasoning = null;
        using var document = JsonDocument.Parse(kept);
        chunks.ReasoningDetail(output, writer => ReasoningDetail.Write(writer, document.RootElement, before, target));
    }

    private StreamProgress End(JsonElement root, IBufferWriter<byte> output)
    {
        Begin(root, output);
        TellReasoning(output, null);
        var response = root.Find("response") ?? default;
        Usage = ResponsesUsage.Read(response.Find("usage")) ?? Usage;
        ServiceTier = response.Text("service_tier") ?? ServiceTier;
        chunks.Finish(output, root.Text("type") is "response.incomplete" && response.Text("status") is null ? "length" : Finish.Reason(response, _calls.Count > 0));
        return End() | StreamProgress.Progress;
    }

    private sealed class ToolState(int index, bool custom)
    {
        public int Index { get; } = index;

        public bool Custom { get; } = custom;

        public bool HasPieces { get; set; }
    }
}
