namespace Infermux.Providers.Bedrock;

/// <summary>A tool call under way.</summary>
/// <param name="call">Which of the caller's tool calls it is, from 0; -1 for the tool whose input is the answer.</param>
internal sealed class CallBlock(int call)
{
    /// <summary>Which call it is.</summary>
    public int Call { get; } = call;

    /// <summary>Whether pieces of input came.</summary>
    public bool HasPieces { get; set; }
}
