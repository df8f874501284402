namespace Infermux.Providers.OpenAi;

/// <summary>
/// Most tokens that one image, file or recording can be billed as, whoever answers. The largest published figures are taken, because money is held for them;
/// what was really used is settled.
/// </summary>
internal static class MediaBound
{
    /// <summary>
    /// One image. OpenAI's vision guide: gpt-4o-mini counts 2,833 + 5,667 for each 512-pixel tile, and at most 8 tiles are left after scaling (2,048 × 768):
    /// 48,169. Others stay below: gpt-4o 1,445, patch-counting models 10,000 × 2.46, Claude 4,784, Gemini 258 a tile.
    /// </summary>
    public const long Image = 2_833 + (8 * 5_667);

    /// <summary>One image with <c>detail: low</c>: gpt-4o-mini's base of the same source; others 65 to 85.</summary>
    public const long LowDetailImage = 2_833;

    /// <summary>A file by reference, of which nothing is known: no prompt is longer than the largest context window sold.</summary>
    public const long UnknownFile = 1L << 20;

    /// <summary>Tokens that the mere presence of tools adds. Anthropic's tool guide: up to 530 of system prompt; OpenAI a few dozen.</summary>
    public const long Tools = 700;

    /// <summary>
    /// An inlined file. A PDF page costs up to 4,600 tokens (Anthropic: 3,000 of text, 1,600 of image) and takes over 1,150 bytes compressed, so 4 tokens
    /// a byte, plus one page.
    /// </summary>
    public static long InlineFile(long base64Length) => Math.Min(UnknownFile, (4 * (base64Length * 3 / 4)) + 4_600);

    /// <summary>
    /// A recording. The thinnest MP3 (8 kbit/s) carries 1,333 base64 characters a second; OpenAI counts 10 tokens a second, Gemini 32: one per 32 characters
    /// covers both.
    /// </summary>
    public static long Audio(long base64Length) => (base64Length / 32) + 1;
}
