using System.Globalization;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Metered;

/// <summary>
/// Reads what an answer says it took, as the vendors word it: tokens (<c>input_tokens</c> with its images and sound apart; <c>prompt_tokens</c> or
/// <c>total_tokens</c> alone at rankers), seconds, search units. What is negative or absurd is clamped, so that an answer never lowers a bill.
/// </summary>
internal static class MeteredUsage
{
    private const long Most = 1_000_000_000;

    /// <summary>The tokens of a <c>usage</c> object; null where it tells none.</summary>
    public static TokenUsage? Tokens(JsonElement usage)
    {
        var input = Count(usage, "input_tokens") ?? Count(usage, "prompt_tokens");
        var output = Count(usage, "output_tokens") ?? Count(usage, "completion_tokens");
        var total = Count(usage, "total_tokens");
        if ((input ?? output ?? total) is null)
        {
            return null;
        }

        var details = usage.Find("input_tokens_details") ?? usage.Find("input_token_details") ?? usage.Find("prompt_tokens_details") ?? default;
        var prompt = input ?? Math.Max(0, (total ?? 0) - (output ?? 0));
        var cached = Math.Min(Count(details, "cached_tokens") ?? 0, prompt);
        var media = (Count(details, "image_tokens") ?? 0) + (Count(details, "audio_tokens") ?? 0);
        return new TokenUsage(prompt - cached, cached, Output: output ?? 0, MediaInput: Math.Min(media, prompt - cached));
    }

    /// <summary>The seconds of a <c>usage</c> object of type <c>duration</c>; null where it tells none.</summary>
    public static decimal? Seconds(JsonElement usage) => Number(usage, "seconds");

    /// <summary>The search units of a <c>usage</c> object, as resellers tell them.</summary>
    public static decimal? Searches(JsonElement usage) => Number(usage, "search_units");

    /// <summary>What Cohere tells beside the answer, in <c>meta.billed_units</c>.</summary>
    public static (decimal? Searches, TokenUsage? Tokens) Billed(JsonElement meta) => meta.Find("billed_units") is { } billed
        ? (Number(billed, "search_units"), Tokens(billed))
        : (null, null);

    /// <summary>A number, also one in quotes, as whisper.cpp and others tell a <c>duration</c>.</summary>
    public static decimal? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDecimal(out var number) => Math.Clamp(number, 0m, Most),
        JsonValueKind.String when decimal.TryParse(value.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) =>
            Math.Clamp(number, 0m, Most),
        _ => null,
    };

    private static decimal? Number(JsonElement owner, string name) => owner.Find(name) is { } value ? Number(value) : null;

    private static long? Count(JsonElement owner, string name) =>
        owner.Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var count) ? (long)Math.Clamp(count, 0, Most) : null;
}
