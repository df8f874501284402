namespace Infermux.Providers.Anthropic;

/// <summary>Names of service tiers.</summary>
internal static class ServiceTiers
{
    /// <summary>OpenAI's name of the tier that a reply tells; other names stay.</summary>
    public static string? ToOpenAi(string? tier) => tier is "standard" ? "default" : tier;
}
