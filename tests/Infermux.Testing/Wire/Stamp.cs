using System.Globalization;

namespace Infermux.Testing;

/// <summary>The moment of writing as text, so that a reader on the same machine can measure the delay.</summary>
internal static class Stamp
{
    public static string Now(TimeProvider time) =>
        string.Create(CultureInfo.InvariantCulture, $"@{(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond} ");

    /// <summary>The piece as it is streamed: stamped where the script says so, and made huge where it is the first.</summary>
    public static string Streamed(this Answer answer, Piece piece, bool first, TimeProvider time) => piece.Kind switch
    {
        PieceKind.Text when answer.Stamped => Now(time),
        PieceKind.Text when first && answer.HugeChunk > piece.Text.Length => piece.Text.PadRight(answer.HugeChunk, '.'),
        _ => piece.Text,
    };
}
