namespace Infermux.Testing;

/// <summary>One piece of an answer: what a stream sends in one content event.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; a tool's name for <see cref="PieceKind.ToolStart"/>.</param>
/// <param name="Tool">Index of the tool call it belongs to.</param>
/// <param name="Tokens">Completion tokens it stands for.</param>
internal sealed record Piece(PieceKind Kind, string Text, int Tool = 0, int Tokens = 1);
