using System.Collections.Frozen;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// What each family of models takes, by the prefix of its name. A name that is not in the table is taken for a newer model, which so far has always
/// meant a stricter one: what nobody takes any more is left out, and no tool is forced.
/// </summary>
internal static class ModelTraitTable
{
    private static readonly ModelTraits Claude3 = new() { Prefill = true, AnswerFormat = false };
    private static readonly ModelTraits Claude37 = Claude3 with { Thinking = ThinkingSupport.Budget };
    private static readonly ModelTraits Claude4 = Claude37 with { Sampling = SamplingSupport.NotBoth };
    private static readonly ModelTraits Claude45 = Claude4 with { AnswerFormat = true };
    private static readonly ModelTraits Claude46 = Claude45 with { Thinking = ThinkingSupport.Adaptive, Prefill = false, ExtraHighEffort = false };
    private static readonly ModelTraits Opus47 = Claude46 with { Sampling = SamplingSupport.None, ExtraHighEffort = true };
    private static readonly ModelTraits Opus48 = Opus47 with { SystemInside = true };
    private static readonly ModelTraits Claude5 = Opus48 with { Off = ThinkingOff.Disabled, BillsEmptyRefusal = false };
    private static readonly ModelTraits Fable5 = Claude5 with { Off = ThinkingOff.Never };
    private static readonly ModelTraits Claude55 = Fable5 with { ForcedTool = false };

    private static readonly FrozenDictionary<string, ModelTraits> Rows = new Dictionary<string, ModelTraits>(StringComparer.Ordinal)
    {
        ["claude-2"] = Claude3,
        ["claude-2-0"] = Claude3,
        ["claude-2-1"] = Claude3,
        ["claude-instant-1-2"] = Claude3,
        ["claude-3-haiku"] = Claude3,
        ["claude-3-sonnet"] = Claude3,
        ["claude-3-opus"] = Claude3,
        ["claude-3-5-haiku"] = Claude3,
        ["claude-3-5-sonnet"] = Claude3,
        ["claude-3-7-sonnet"] = Claude37,
        ["claude-sonnet-4"] = Claude4,
        ["claude-sonnet-4-0"] = Claude4,
        ["claude-opus-4"] = Claude4,
        ["claude-opus-4-0"] = Claude4,
        ["claude-opus-4-1"] = Claude45,
        ["claude-haiku-4-5"] = Claude45,
        ["claude-sonnet-4-5"] = Claude45,
        ["claude-opus-4-5"] = Claude45,
        ["claude-sonnet-4-6"] = Claude46,
        ["claude-opus-4-6"] = Claude46,
        ["claude-opus-4-7"] = Opus47,
        ["claude-opus-4-8"] = Opus48,
        ["claude-sonnet-5"] = Claude5,
        ["claude-opus-5"] = Claude5,
        ["claude-fable-5"] = Fable5,
        ["claude-fable-5-1"] = Claude55,
        ["claude-opus-5-5"] = Claude55,
        ["claude-sonnet-5-5"] = Claude55 with { Off = ThinkingOff.BetweenTools },
        ["claude-haiku-5-5"] = Claude5,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The row for names that are not in the table. Role <c>system</c> inside the conversation is left out: not every model takes it.</summary>
    public static ModelTraits Strictest { get; } = Claude55 with { SystemInside = false };

    /// <summary>The row of a model name, also with a vendor before a slash, a date or <c>-latest</c> after it, or dots for dashes.</summary>
    public static ModelTraits Find(string model)
    {
        var name = model[(model.LastIndexOf('/') + 1)..].Replace('.', '-').Replace('@', '-').ToLowerInvariant();
        for (var end = name.Length; end > 0; end = name.LastIndexOf('-', end - 1))
        {
            if (Rows.TryGetValue(name[..end], out var row))
            {
                return IsVersion(name.AsSpan(end)) ? Strictest : row;
            }
        }

        return Strictest;
    }

    // "-9" after "claude-opus-4" is a newer model; "-20250514", "-latest" and "@20250514" are the same one.
    private static bool IsVersion(ReadOnlySpan<char> rest)
    {
        if (rest.Length < 2)
        {
            return false;
        }

        var segment = rest[1..];
        var length = segment.IndexOf('-') is >= 0 and var dash ? dash : segment.Length;
        return length <= 2 && !segment[..length].ContainsAnyExceptInRange('0', '9');
    }
}
