namespace Infermux.Providers.Metered;

/// <summary>From what a request says to what it may cost: bounds that money is held by, and estimates for answers that tell nothing.</summary>
internal static class AskFigures
{
    private const int DocumentsPerSearch = 100;
    private const int LeastChunkBytes = 510; // Cohere cuts documents of more than 510 tokens, and a token is never less than a byte
    private const int ThinnestSound = 1_000; // bytes a second: MP3 at 8 kbit/s; speech is rarely sent below 12
    private const int UsualSound = 4_000;
    private const int LeastSeconds = 60;

    /// <summary>Images: by how many, their size and quality.</summary>
    public static MeteredAsk Images(long count, string? size, string? quality, long partials, out long outputBound)
    {
        outputBound = count * ImageTokens.Bound(size, partials);
        return Ask(MeteredForm.Json) with { Units = count, UnitsBound = count, OutputEstimate = count * ImageTokens.OfOutput(quality) };
    }

    /// <summary>
    /// A text to be spoken. Vendors that charge by the character charge those of the request. By the token, sound is 10 to 21 tokens a second, and people speak
    /// about 15 characters in one; a slow voice or pauses make more of it.
    /// </summary>
    public static MeteredAsk Speech(long characters, out long outputBound)
    {
        outputBound = (16 * characters) + 1_024;
        return Ask(MeteredForm.Binary) with
        {
            Units = characters,
            UnitsAreSure = true,
            UnitsBound = characters,
            OutputEstimate = (characters * 3 / 2) + 1,
        };
    }

    /// <summary>
    /// A recording, of which only the bytes are known. 10 to 16 tokens a second go in, and people say about 4. A recording of mere silence can be packed
    /// below the bound; then the settlement exceeds its hold, and that is shown.
    /// </summary>
    public static MeteredAsk Sound(long bytes, string? format, out long promptBound, out long promptEstimate, out long outputBound)
    {
        var (most, usual) = (LeastSeconds + (bytes / ThinnestSound), (bytes + UsualSound - 1) / UsualSound);
        (promptBound, promptEstimate, outputBound) = (16 * most, 10 * usual, (8 * most) + 256);
        return Ask(format is "text" or "srt" or "vtt" ? MeteredForm.Text : MeteredForm.Json) with
        {
            Units = usual,
            UnitsBound = most,
            OutputEstimate = 4 * usual,
        };
    }

    /// <summary>Documents to be ranked; a long one counts as several.</summary>
    public static MeteredAsk Ranking(long documents, long bodyBytes) => Ask(MeteredForm.Json) with
    {
        Units = Searches(documents),
        UnitsBound = Searches(documents + (bodyBytes / LeastChunkBytes)),
    };

    /// <summary>What is priced by its tokens alone.</summary>
    public static MeteredAsk Plain() => Ask(MeteredForm.Json);

    private static long Searches(long documents) => Math.Max(1, (documents + DocumentsPerSearch - 1) / DocumentsPerSearch);

    private static MeteredAsk Ask(MeteredForm answer) => new() { ContentType = "application/json", Answer = answer };
}
