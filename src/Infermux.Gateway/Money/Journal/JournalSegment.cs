namespace Infermux.Gateway.Money.Journal;

/// <summary>One file of the journal. Written at its end only, by one owner that holds the journal's lock.</summary>
internal sealed class JournalSegment(string path, long sequence)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Rises from segment to segment.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Bytes written.</summary>
    public long Length { get; set; }

    /// <summary>Settlements in it that are not acknowledged.</summary>
    public int Live { get; set; }

    /// <summary>Bytes of them.</summary>
    public long LiveBytes { get; set; }

    /// <summary>File name of a segment: sorts by sequence.</summary>
    public static string NameOf(long sequence) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sequence:D12}{Suffix}");

    /// <summary>What segments' names end with.</summary>
    public const string Suffix = ".settles";
}
