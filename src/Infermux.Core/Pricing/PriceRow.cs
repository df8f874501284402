using System.Globalization;

namespace Infermux.Core.Pricing;

/// <summary>One line of the built-in table; its form is told at the head of <c>BuiltIn/prices.tsv</c>.</summary>
internal static class PriceRow
{
    private const decimal SecondsPerHour = 3_600m;

    /// <summary>Reads the three fields after vendor and model.</summary>
    public static ModelPrice Parse(string maxInput, string maxOutput, string prices)
    {
        var parts = prices.Split(';');
        var own = Step("", 0, parts[0]);
        var units = Kinds(parts[0]);
        return new ModelPrice
        {
            Input = own.Input,
            Output = own.Output,
            CacheRead = own.CacheRead,
            CacheWrite = own.CacheWrite,
            CacheWriteLong = own.CacheWriteLong,
            Reasoning = own.Reasoning,
            MediaInput = own.MediaInput,
            PerImage = units.GetValueOrDefault('g'),
            PerSecond = units.GetValueOrDefault('s') / SecondsPerHour,
            PerMillionCharacters = units.GetValueOrDefault('c'),
            PerSearch = units.GetValueOrDefault('q'),
            MaxInput = Limit(maxInput),
            MaxOutput = Limit(maxOutput),
            Steps = [.. parts.Skip(1).Select(Step)],
        };
    }

    private static PriceStep Step(string part)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        var above = part.IndexOf('>', StringComparison.Ordinal);
        return Step(part[..above], long.Parse(part.AsSpan(above + 1, colon - above - 1), CultureInfo.InvariantCulture), part[(colon + 1)..]);
    }

    private static PriceStep Step(string tier, long above, string prices)
    {
        var kinds = Kinds(prices);
        return new PriceStep
        {
            ServiceTier = tier,
            AbovePromptTokens = above,
            Input = kinds['i'] ?? 0m,
            Output = kinds['o'] ?? 0m,
            CacheRead = kinds.GetValueOrDefault('r'),
            CacheWrite = kinds.GetValueOrDefault('w'),
            CacheWriteLong = kinds.GetValueOrDefault('l'),
            Reasoning = kinds.GetValueOrDefault('t'),
            MediaInput = kinds.GetValueOrDefault('m'),
        };
    }

    private static Dictionary<char, decimal?> Kinds(string prices) =>
        prices.Split(',').ToDictionary(price => price[0], price => (decimal?)decimal.Parse(price.AsSpan(1), CultureInfo.InvariantCulture));

    private static long? Limit(string field) => field.Length == 0 ? null : long.Parse(field, CultureInfo.InvariantCulture);
}
