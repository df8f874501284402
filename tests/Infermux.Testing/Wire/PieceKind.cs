namespace Infermux.Testing;

/// <summary>What one piece of an answer is.</summary>
internal enum PieceKind
{
    Reasoning,
    Text,
    Refusal,
    ToolStart,
    ToolArguments,
}
