namespace Infermux.Providers.Anthropic;

/// <summary>What a content block is, as far as its place in a message depends on it.</summary>
internal enum BlockKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>An image or document.</summary>
    Media,

    /// <summary>The assistant's own signed reasoning on its way back.</summary>
    Reasoning,

    /// <summary>A call the assistant made.</summary>
    ToolUse,

    /// <summary>What a call gave.</summary>
    ToolResult,
}
