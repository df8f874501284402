using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>The opaque items of an assistant message, as far as this target made them: no other provider or model takes them.</summary>
internal static class SignedThinking
{
    /// <summary>Reads <c>reasoning_details</c>.</summary>
    /// <param name="message">The assistant message.</param>
    /// <param name="target">Whose items are kept.</param>
    /// <param name="signed">Makes a block of a text, which may be empty, and its signature.</param>
    /// <param name="redacted">Makes a block of hidden reasoning.</param>
    /// <param name="lost">Whether others were left out. Text that nobody signed is only for showing and is no loss.</param>
    public static List<Block> Read(
        JsonElement message, AttemptTarget target, Func<string, string, Block> signed, Func<string, Block> redacted, out bool lost)
    {
        var blocks = new List<Block>();
        lost = false;
        foreach (var item in message.List("reasoning_details"))
        {
            var block = item.Text("type") switch
            {
                "reasoning.text" when OpaqueMark.Take(target, item.Text("signature")) is { Length: > 0 } signature => signed(item.Text("text") ?? "", signature),
                "reasoning.encrypted" when OpaqueMark.Take(target, item.Text("data")) is { Length: > 0 } data => redacted(data),
                _ => null,
            };
            lost |= block is null && (item.Text("signature") ?? item.Text("data")) is { Length: > 0 };
            blocks.AddRange(block is null ? [] : [block]);
        }

        return blocks;
    }
}
