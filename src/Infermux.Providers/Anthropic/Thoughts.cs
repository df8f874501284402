using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Opaque values in a conversation of Anthropic's dialect. The mark is taken off what the target made; what another made is removed as a whole block, and a
/// message that held nothing else with it. A value without a mark did not come through here and stays.
/// </summary>
internal static class Thoughts
{
    /// <summary>Adds the edits.</summary>
    /// <param name="root">The request.</param>
    /// <param name="json">Its bytes.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="edits">Takes the edits.</param>
    /// <returns>Whether a block was removed, and whether the turn whose calls were just answered is left without thinking before it.</returns>
    public static (bool Lost, bool BareLoop) Clean(JsonElement root, ReadOnlySpan<byte> json, AttemptTarget target, JsonEdits edits)
    {
        var messages = root.List("messages").ToList();
        var emptied = new bool[messages.Count];
        var lost = false;
        var lastTurnBare = false;
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Text("role") is not "assistant" || messages[i].Find("content") is not { ValueKind: JsonValueKind.Array } content)
            {
                continue;
            }

            var blocks = content.EnumerateArray().ToList();
            var gone = blocks.Select(block => IsAnothers(block, target)).ToArray();
            emptied[i] = blocks.Count > 0 && !gone.Contains(value: false);
            lost |= gone.Contains(value: true);
            lastTurnBare = !blocks.Where((_, n) => !gone[n]).Take(1).Any(IsThinking) && blocks.Exists(static block => block.Text("type") is "tool_use");
            if (emptied[i])
            {
                continue;
            }

            Unmark(blocks.Where((_, n) => !gone[n]), json, target, edits);
            JsonPlaces.Remove(edits, Places(json, blocks), n => gone[n]);
        }

        if (emptied.Contains(value: true))
        {
            JsonPlaces.Remove(edits, Places(json, messages), n => emptied[n]);
        }

        return (lost, lastTurnBare && EndsWithResults(messages));
    }

    private static ByteRange[] Places(ReadOnlySpan<byte> json, List<JsonElement> elements)
    {
        var places = new ByteRange[elements.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = JsonPlaces.Of(json, elements[i]);
        }

        return places;
    }

    private static void Unmark(IEnumerable<JsonElement> blocks, ReadOnlySpan<byte> json, AttemptTarget target, JsonEdits edits)
    {
        foreach (var block in blocks)
        {
            if (Opaque(block) is { } value && OpaqueMark.Take(target, value.GetString()) is { } own)
            {
                edits.Replace(JsonPlaces.Of(json, value), JsonLiteral.Of(own));
            }
        }
    }

    private static bool IsThinking(JsonElement block) => block.Text("type") is "thinking" or "redacted_thinking";

    private static bool IsAnothers(JsonElement block, AttemptTarget target) => Opaque(block)?.GetString() is { } value
        && OpaqueMark.TryRead(value, out _, out _, out _) && OpaqueMark.Take(target, value) is null;

    private static JsonElement? Opaque(JsonElement block) => block.Text("type") switch
    {
        "thinking" when block.Text("signature") is not null => block.Find("signature"),
        "redacted_thinking" when block.Text("data") is not null => block.Find("data"),
        _ => null,
    };

    private static bool EndsWithResults(List<JsonElement> messages) =>
        messages is [.., var last] && last.Text("role") is "user" && last.List("content").Any(static block => block.Text("type") is "tool_result");
}
