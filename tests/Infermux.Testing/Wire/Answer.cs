namespace Infermux.Testing;

/// <summary>What the provider will say and what it counts, before any dialect.</summary>
internal sealed record Answer
{
    public required string Id { get; init; }

    public required long Created { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<Piece> Pieces { get; init; }

    /// <summary>Whether the output cap cut it short.</summary>
    public required bool CutByCap { get; init; }

    public required TokenCount Usage { get; init; }

    public required UsageReport Report { get; init; }

    public string? FinishReason { get; init; }

    public bool Stamped { get; init; }

    public int HugeChunk { get; init; }

    public bool CallsTools => Pieces.Any(static piece => piece.Kind == PieceKind.ToolStart);

    public bool Refuses => Pieces.Any(static piece => piece.Kind == PieceKind.Refusal);

    /// <summary>The usage as it is told, which is not always the truth.</summary>
    public TokenCount Told => Report switch
    {
        UsageReport.Zero => default,
        UsageReport.Tenfold => Usage.Times(10),
        _ => Usage,
    };

    public string Joined(PieceKind kind, int tool = 0) =>
        string.Concat(Pieces.Where(piece => piece.Kind == kind && piece.Tool == tool).Select(static piece => piece.Text));

    /// <summary>The id of a tool call, the same whole and streamed.</summary>
    public string ToolId(string prefix, int tool) => $"{prefix}{Id[(Id.IndexOfAny(['-', '_']) + 1)..]}_{tool}";
}
