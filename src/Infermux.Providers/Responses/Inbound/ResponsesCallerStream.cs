using System.Buffers;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>Writes one streamed chat answer as the events of a response.</summary>
internal sealed class ResponsesCallerStream(InferenceRequest request, AttemptTarget target, TimeProvider time) : CallerStream
{
    private readonly AnswerEvents _events = new();
    private AnswerItems? _items;
    private string _id = "";
    private long _created;
    private string? _finish;
    private string? _tier;

    /// <inheritdoc/>
    public override void Chunk(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        var items = _items ?? Begin(root, output);
        _tier = root.Text("service_tier") ?? _tier;
        foreach (var choice in root.List("choices").Where(static choice => choice.Count("index") is null or 0))
        {
            ChatAnswer.TakeDelta(choice.Find("delta") ?? default, items, output);
            _finish = choice.Text("finish_reason") ?? _finish;
        }
    }

    /// <inheritdoc/>
    public override void End(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output)
    {
        var items = _items ?? Begin(default, output);
        var (status, reason) = ChatAnswer.Ending(_finish);
        items.End(reason is null, output);
        var note = infermuxJson.ToArray();
        var last = new ResponseObject(_id, _created) { Status = status, Reason = reason, Usage = usage, ServiceTier = _tier, Output = items };
        using var asked = request.Parse();
        _events.Write(output, "response." + status, writer =>
        {
            writer.WritePropertyName("response");
            last.Write(writer, asked.RootElement);
            if (note.Length > 0)
            {
                writer.WritePropertyName("infermux");
                writer.WriteRawValue(note, skipInputValidation: true);
            }
        });
    }

    /// <inheritdoc/>
    public override bool WriteError(string code, string message, string? param, IBufferWriter<byte> output)
    {
        ErrorEvents.Write(output, _events.Next, _items is null ? null : _id, code, message, param);
        return true;
    }

    private AnswerItems Begin(JsonElement chunk, IBufferWriter<byte> output)
    {
        using var asked = request.Parse();
        var seed = ResponsesCaller.Seed(target, chunk);
        (_id, _created) = (ResponsesCaller.IdOf(seed), chunk.Count("created") ?? time.GetUtcNow().ToUnixTimeSeconds());
        foreach (var type in (ReadOnlySpan<string>)["response.created", "response.in_progress"])
        {
            _events.Write(output, type, writer =>
            {
                writer.WritePropertyName("response");
                new ResponseObject(_id, _created) { Status = "in_progress" }.Write(writer, asked.RootElement);
            });
        }

        return _items = new AnswerItems(seed, CallersTools.Of(asked.RootElement), _events);
    }
}
