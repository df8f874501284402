namespace Infermux.Providers.Anthropic;

/// <summary>A tool block under way.</summary>
/// <param name="call">Which of the caller's tool calls it is, from 0; -1 for the tool whose input is the answer.</param>
/// <param name="input">The input in the block's start, usually <c>{}</c>.</param>
internal sealed class ToolBlock(int call, byte[] input)
{
    /// <summary>Which call it is.</summary>
    public int Call { get; } = call;

    /// <summary>The input in the block's start.</summary>
    public byte[] Input { get; } = input;

    /// <summary>Whether pieces of input came.</summary>
    public bool HasPieces { get; set; }
}
