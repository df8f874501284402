using System.Globalization;

namespace Infermux.Providers.Metered;

/// <summary>
/// Tokens that images are charged as. OpenAI's image guide for gpt-image-1: 272 (low), 1,056 (medium) and 4,160 (high) for a square of 1,024 pixels, 6,240 for
/// the largest; a partial image is 100. Larger images of newer models are taken to grow with their pixels.
/// </summary>
internal static class ImageTokens
{
    /// <summary>One image that is sent: gpt-image-1 counts up to 6,240 and some hundred for a faithful one.</summary>
    public const long MostOfInput = 8_192;

    /// <summary>What one usually comes to.</summary>
    public const long OfInput = 1_024;

    private const long MostOfOutput = 8_192;
    private const long MostOfPartial = 128;
    private const long LargestPixels = 1_536 * 1_024;
    private const int MostPartials = 10;

    /// <summary>Expected of one made in this quality; the dearest where it is not said.</summary>
    public static long OfOutput(string? quality) => quality switch
    {
        "low" => 272,
        "medium" => 1_056,
        _ => 4_160,
    };

    /// <summary>The most of one made in this size, <c>1024x1536</c>.</summary>
    public static long Bound(string? size, long partials) =>
        (long)Math.Ceiling(MostOfOutput * Math.Max(1d, Pixels(size) / LargestPixels)) + (Math.Clamp(partials, 0, MostPartials) * MostOfPartial);

    private static double Pixels(string? size)
    {
        var by = size?.IndexOf('x', StringComparison.OrdinalIgnoreCase) ?? -1;
        return by > 0 && Side(size.AsSpan(0, by)) is { } width && Side(size.AsSpan(by + 1)) is { } height ? (double)width * height : 0;
    }

    private static int? Side(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side <= 65_536 ? side : null;
}
