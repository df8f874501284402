using System.Text.Json;

namespace Infermux.Providers.Anthropic;

/// <summary>One content block, written when its place is known.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Members">Writes its members, <c>type</c> included.</param>
/// <param name="CacheControl">The caller's cache mark on it; null: none.</param>
internal sealed record Block(BlockKind Kind, Action<Utf8JsonWriter> Members, JsonElement? CacheControl = null)
{
    /// <summary>The text of a text block; null: another kind.</summary>
    public string? Value { get; private init; }

    /// <summary>A text block. The text is not blank.</summary>
    public static Block OfText(string text, JsonElement? cacheControl = null) => new(
        BlockKind.Text,
        writer =>
        {
            writer.WriteString("type", "text");
            writer.WriteString("text", text);
        },
        cacheControl)
    {
        Value = text,
    };
}
