using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>
/// The items of one answer, put together from chat: reasoning, a message, calls, in the order in which they begin. A message or a reasoning ends where another
/// item begins; calls end with the answer, because pieces of several may interleave.
/// </summary>
/// <param name="seed">What the ids are made of; the same for the same answer.</param>
/// <param name="tools">The caller's tools, some of which had another form on the way out.</param>
/// <param name="events">Told of every step of a stream; null: the answer comes whole.</param>
internal sealed class AnswerItems(string seed, CallersTools tools, AnswerEvents? events)
{
    private const string Content = "content_index";
    private const string Summary = "summary_index";

    private readonly List<AnswerItem> _items = [];
    private readonly Dictionary<long, AnswerItem> _calls = [];
    private AnswerItem? _open; // the message or reasoning under way

    /// <summary>A piece of the answer's text.</summary>
    public void Text(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        if (raw.IsEmpty)
        {
            return;
        }

        var item = Open(AnswerItemKind.Message, output);
        if (item.TextPart is null)
        {
            item.TextPart = item.RefusalPart is null ? 0 : 1;
            events?.Part(output, "response.content_part.added", item, Content, item.TextPart.Value, static writer => AnswerItem.WriteTextPart(writer, default));
        }

        item.Text.Write(raw);
        events?.Text(output, "response.output_text.delta", item, Content, item.TextPart.Value, "delta", raw);
    }

    /// <summary>A piece of a refusal.</summary>
    public void Refusal(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        if (raw.IsEmpty)
        {
            return;
        }

        var item = Open(AnswerItemKind.Message, output);
        if (item.RefusalPart is null)
        {
            item.RefusalPart = item.TextPart is null ? 0 : 1;
            events?.Part(output, "response.content_part.added", item, Content, item.RefusalPart.Value, static writer => AnswerItem.WriteRefusalPart(writer, default));
        }

        item.Refusal.Write(raw);
        events?.Text(output, "response.refusal.delta", item, Content, item.RefusalPart.Value, "delta", raw);
    }

    /// <summary>A piece of the reasoning's text.</summary>
    public void Thought(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        if (raw.IsEmpty)
        {
            return;
        }

        var item = Open(AnswerItemKind.Reasoning, output);
        if (item.Text.WrittenCount == 0)
        {
            events?.Part(output, "response.reasoning_summary_part.added", item, Summary, 0, static writer => WriteSummaryPart(writer, default));
        }

        item.Text.Write(raw);
        events?.Text(output, "response.reasoning_summary_text.delta", item, Summary, 0, "delta", raw);
    }

    /// <summary>An opaque item of reasoning: it ends the reasoning under way, or is one of its own.</summary>
    public void Detail(JsonElement detail, IBufferWriter<byte> output)
    {
        var packed = CarriedReasoning.Pack(detail);
        if (packed is null && detail.Text("type") is not "reasoning.summary")
        {
            return;
        }

        var item = Open(AnswerItemKind.Reasoning, output);
        if (item.Text.WrittenCount == 0)
        {
            Thought(detail.Text("type") is "reasoning.summary" ? RawText.Of(detail, "summary") : RawText.Of(detail, "text"), output);
        }

        item.Encrypted = packed;
        Close(output);
    }

    /// <summary>The beginning of a call, or more of it.</summary>
    /// <param name="index">Its index among the calls.</param>
    /// <param name="id">Its id; null where this is more of it.</param>
    /// <param name="name">The tool; null where this is more of it.</param>
    /// <param name="raw">A piece of its arguments.</param>
    /// <param name="output">Takes the events.</param>
    public void Call(long index, string? id, string? name, ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        if (!_calls.TryGetValue(index, out var item))
        {
            Close(output);
            var kind = tools.IsCustom(name ?? "") ? AnswerItemKind.CustomCall : AnswerItemKind.Call;
            var (space, known) = tools.Known(name ?? "");
            item = _calls[index] = new AnswerItem(kind, _items.Count, MakeId(kind))
            {
                CallId = id ?? MadeCallId.Of(seed, 0, _calls.Count),
                Name = known,
                Namespace = space,
            };
            _items.Add(item);
            events?.Item(output, "response.output_item.added", item, "in_progress");
        }

        item.Text.Write(raw);
        if (!raw.IsEmpty && item.Kind == AnswerItemKind.Call) // an input is known only once its wrapping is whole
        {
            events?.Text(output, "response.function_call_arguments.delta", item, null, 0, "delta", raw);
        }
    }

    /// <summary>The answer has ended: what is open ends with it.</summary>
    public void End(bool complete, IBufferWriter<byte> output)
    {
        Close(output);
        foreach (var item in _items.Where(static item => !item.Closed))
        {
            EndCall(item, complete, output);
        }
    }

    /// <summary>Writes all items.</summary>
    public void Write(Utf8JsonWriter writer, bool complete)
    {
        foreach (var item in _items)
        {
            item.Write(writer, complete || item.Index < _items.Count - 1 ? "completed" : "incomplete");
        }
    }

    private AnswerItem Open(AnswerItemKind kind, IBufferWriter<byte> output)
    {
        if (_open?.Kind == kind)
        {
            return _open;
        }

        Close(output);
        _open = new AnswerItem(kind, _items.Count, MakeId(kind));
        _items.Add(_open);
        events?.Item(output, "response.output_item.added", _open, "in_progress");
        return _open;
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_open is not { } item)
        {
            return;
        }

        (_open, item.Closed) = (null, true);
        if (events is null)
        {
            return;
        }

        if (item.Kind == AnswerItemKind.Reasoning)
        {
            EndSummary(item, output);
        }
        else
        {
            EndParts(item, output);
        }

        events.Item(output, "response.output_item.done", item, "completed");
    }

    private void EndSummary(AnswerItem item, IBufferWriter<byte> output)
    {
        if (item.Text.WrittenCount == 0)
        {
            return;
        }

        events!.Text(output, "response.reasoning_summary_text.done", item, Summary, 0, "text", item.Text.WrittenSpan);
        events.Part(output, "response.reasoning_summary_part.done", item, Summary, 0, writer => WriteSummaryPart(writer, item.Text.WrittenSpan));
    }

    private void EndParts(AnswerItem item, IBufferWriter<byte> output)
    {
        if (item.TextPart is { } text)
        {
            events!.Text(output, "response.output_text.done", item, Content, text, "text", item.Text.WrittenSpan);
            events.Part(output, "response.content_part.done", item, Content, text, writer => AnswerItem.WriteTextPart(writer, item.Text.WrittenSpan));
        }

        if (item.RefusalPart is { } refusal)
        {
            events!.Text(output, "response.refusal.done", item, Content, refusal, "refusal", item.Refusal.WrittenSpan);
            events.Part(output, "response.content_part.done", item, Content, refusal, writer => AnswerItem.WriteRefusalPart(writer, item.Refusal.WrittenSpan));
        }
    }

    private void EndCall(AnswerItem item, bool complete, IBufferWriter<byte> output)
    {
        item.Closed = true;
        var isCustom = item.Kind == AnswerItemKind.CustomCall;
        if (isCustom)
        {
            item.UnwrapInput();
            events?.Text(output, "response.custom_tool_call_input.delta", item, null, 0, "delta", item.Text.WrittenSpan);
        }

        events?.Text(
            output, isCustom ? "response.custom_tool_call_input.done" : "response.function_call_arguments.done", item, null, 0, isCustom ? "input" : "arguments",
            item.Text.WrittenSpan);
        events?.Item(output, "response.output_item.done", item, complete || item.Index < _items.Count - 1 ? "completed" : "incomplete");
    }

    private string MakeId(AnswerItemKind kind)
    {
        var made = MadeCallId.Of(seed, 1, _items.Count)["call_".Length..];
        var prefix = kind switch
        {
            AnswerItemKind.Message => "msg",
            AnswerItemKind.Reasoning => "rs",
            AnswerItemKind.CustomCall => "ctc",
            _ => "fc",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}_{made}");
    }

    private static void WriteSummaryPart(Utf8JsonWriter writer, ReadOnlySpan<byte> raw)
    {
        writer.WriteString("type", "summary_text");
        RawText.Write(writer, "text", raw);
    }
}
