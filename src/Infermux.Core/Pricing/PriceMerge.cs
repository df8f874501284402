namespace Infermux.Core.Pricing;

/// <summary>The file's prices over the built-in ones, price by price.</summary>
internal static class PriceMerge
{
    /// <summary>
    /// A price the file gives holds for every service tier and prompt length: it is what was agreed with the vendor, and the file has no words for tiers.
    /// Null where neither knows what a prompt costs, nor the file what an image, a second, a character or a search does.
    /// </summary>
    public static ModelPrice? Over(ModelPrice? builtIn, PriceOverride own)
    {
        if ((own.InputPerMillion ?? builtIn?.Input ?? (own.PricesUnits ? 0m : null)) is not { } input)
        {
            return null;
        }

        return (builtIn ?? ModelPrice.Free) with
        {
            Input = input,
            Output = own.OutputPerMillion ?? builtIn?.Output ?? 0m,
            CacheRead = own.CachedInputPerMillion ?? builtIn?.CacheRead,
            CacheWrite = own.CacheWritePerMillion ?? builtIn?.CacheWrite,
            Reasoning = own.ReasoningPerMillion ?? builtIn?.Reasoning,
            MediaInput = own.MediaInputPerMillion ?? builtIn?.MediaInput,
            PerImage = own.PerImage ?? builtIn?.PerImage,
            PerSecond = own.PerSecond ?? builtIn?.PerSecond,
            PerMillionCharacters = own.CharactersPerMillion ?? builtIn?.PerMillionCharacters,
            PerSearch = own.PerSearch ?? builtIn?.PerSearch,
            Steps = [.. (builtIn?.Steps ?? []).Select(step => Over(step, own))],
        };
    }

    private static PriceStep Over(PriceStep step, PriceOverride own) => step with
    {
        Input = own.InputPerMillion ?? step.Input,
        Output = own.OutputPerMillion ?? step.Output,
        CacheRead = own.CachedInputPerMillion ?? step.CacheRead,
        CacheWrite = own.CacheWritePerMillion ?? step.CacheWrite,
        Reasoning = own.ReasoningPerMillion ?? step.Reasoning,
        MediaInput = own.MediaInputPerMillion ?? step.MediaInput,
    };
}
