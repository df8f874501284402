using System.Buffers;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Providers.Pivot;
using Infermux.Providers.Sse;

namespace Infermux.Providers.Anthropic;

/// <summary>Reads a streamed message event by event, whatever it is written as: framing, usage, and what is a failure.</summary>
/// <param name="now">When the stream began, for waits that are told as a moment.</param>
internal abstract class AnthropicStream(DateTimeOffset now) : SseTranslator
{
    private UsageCounts _counts;

    /// <summary>Whether <c>message_start</c> came.</summary>
    protected bool Begun { get; private set; }

    /// <summary>The message begins. A second beginning was reported of other servers: its counts are newer, its answer is the same one.</summary>
    protected abstract void Begin(JsonElement root, IBufferWriter<byte> output);

    /// <summary>An event about one content block.</summary>
    protected abstract StreamProgress TakeBlock(string type, JsonElement root, IBufferWriter<byte> output);

    /// <summary>The event with the reason why the answer ends. Its usage was taken.</summary>
    protected abstract StreamProgress TakeEnding(JsonElement root, IBufferWriter<byte> output);

    /// <summary>The terminal mark.</summary>
    protected virtual void Stop(IBufferWriter<byte> output)
    {
    }

    /// <summary>A ping, or an event of a later time.</summary>
    protected virtual StreamProgress TakeOther(JsonElement root, IBufferWriter<byte> output) => StreamProgress.Alive;

    /// <summary>Nothing is billed, whatever was counted.</summary>
    protected void BillNothing() => Usage = Usage is null ? null : new Core.Pricing.TokenUsage(0);

    /// <inheritdoc/>
    protected sealed override StreamProgress Read(in SseEvent next, IBufferWriter<byte> output)
    {
        try
        {
            var reader = new Utf8JsonReader(next.Data, JsonReading.DeepReader);
            using var document = JsonDocument.ParseValue(ref reader);
            return Take(document.RootElement, next.Data, output);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return Fail(AnthropicFailures.NotAnAnswer("An event of the stream is not JSON.", Usage));
        }
    }

    /// <inheritdoc/>
    protected sealed override ProviderFailure Unfinished()
    {
        if (Begun)
        {
            return new ProviderFailure(FailureClass.BrokenStream, 200, "The stream ended without its terminal mark (message_stop).") { Usage = Usage };
        }

        return Stray.IsEmpty
            ? new ProviderFailure(FailureClass.BrokenStream, 200, "The stream ended before its message began.")
            : Stray.TrimStart((byte)' ')[0] == (byte)'{' ? AnthropicFailures.ReadInAnswer(Stray, now, null)
            : AnthropicFailures.NotAnAnswer($"The answer is no event stream: {Failures.ErrorBody.Read(Stray).Message}");
    }

    private StreamProgress Take(JsonElement root, ReadOnlySpan<byte> data, IBufferWriter<byte> output) => root.Text("type") switch
    {
        "message_start" => TakeStart(root, output),
        "content_block_start" or "content_block_delta" or "content_block_stop" => TakeBlock(root.Text("type")!, root, output),
        "message_delta" => TakeDelta(root, output),
        "message_stop" => TakeStop(output),
        "error" => Fail(AnthropicFailures.ReadInAnswer(data, now, Usage)),
        null when root.Find("error") is not null => Fail(AnthropicFailures.ReadInAnswer(data, now, Usage)),
        _ => TakeOther(root, output),
    };

    private StreamProgress TakeStart(JsonElement root, IBufferWriter<byte> output)
    {
        TakeUsage((root.Find("message") ?? default).Find("usage"));
        if (!Begun)
        {
            Begun = true;
            Begin(root, output);
        }

        return StreamProgress.Alive;
    }

    private StreamProgress TakeDelta(JsonElement root, IBufferWriter<byte> output)
    {
        TakeUsage(root.Find("usage"));
        return StreamProgress.Progress | TakeEnding(root, output);
    }

    private StreamProgress TakeStop(IBufferWriter<byte> output)
    {
        if (!Begun)
        {
            return Fail(AnthropicFailures.NotAnAnswer("The stream ended before its message began."));
        }

        Stop(output);
        return End();
    }

    private void TakeUsage(JsonElement? usage)
    {
        _counts.Take(usage);
        Usage = _counts.Usage ?? Usage;
        ServiceTier = ServiceTiers.ToOpenAi(usage?.Text("service_tier")) ?? ServiceTier;
    }
}
