using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>
/// The thinking of an assistant turn on its way to chat. A translating dialect reads marked items and keeps its own. A server of OpenAI's dialect gets back
/// only what it made: its own opaque items as it sent them, and its plain reasoning text inside the tool loop that it belongs to.
/// </summary>
internal sealed class Reasoning
{
    private readonly ChatTarget _target;
    private readonly List<(JsonElement Block, string Mark, string Value)> _kept = [];
    private readonly bool _inLoop;

    /// <summary>Reads the blocks of one turn.</summary>
    /// <param name="blocks">The turn's blocks.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="dropped">Gets <c>reasoning_details</c> where something opaque is left out.</param>
    /// <param name="inLoop">Whether the turn is part of the tool loop under way.</param>
    public Reasoning(List<JsonElement> blocks, ChatTarget target, ISet<string> dropped, bool inLoop)
    {
        (_target, _inLoop) = (target, inLoop);
        foreach (var block in blocks.Where(static block => block.Text("type") is "thinking" or "redacted_thinking"))
        {
            var given = block.Text("signature") ?? block.Text("data") ?? "";
            var marked = OpaqueMark.TryRead(given, out _, out _, out var value);
            if (marked && (target.Extended || OpaqueMark.Take(target.Attempt, given) is not null))
            {
                _kept.Add((block, target.Extended ? given[..^value.Length] : "", value));
            }
            else if (given.Length > 0 && !(marked && value.Length == 0))
            {
                dropped.Add("reasoning_details");
            }
        }
    }

    /// <summary>Whether something of it goes on, so that the message has something to say.</summary>
    public bool IsKept => _kept.Exists(static kept => kept.Value.Length > 0);

    /// <summary>Writes <c>reasoning_details</c> and <c>reasoning_content</c>.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        var shown = string.Concat(_kept.Where(static kept => kept.Value.Length == 0).Select(static kept => kept.Block.Text("thinking")));
        if (shown.Length > 0 && _inLoop && !_target.Extended)
        {
            writer.WriteString("reasoning_content", shown);
        }

        if (!IsKept)
        {
            return;
        }

        writer.WriteStartArray("reasoning_details");
        foreach (var (block, mark, value) in _kept.Where(static kept => kept.Value.Length > 0))
        {
            writer.WriteStartObject();
            if (block.Text("type") is "thinking")
            {
                writer.WriteString("type", "reasoning.text");
                writer.WriteString("text", block.Text("thinking") ?? "");
                writer.WriteString("signature", mark + value);
            }
            else
            {
                Packed.Write(writer, mark, value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
