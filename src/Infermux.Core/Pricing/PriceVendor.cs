using Infermux.Core.Configuration;

namespace Infermux.Core.Pricing;

/// <summary>Whose price list holds for a provider: decided by its type, and for types that many vendors speak by the host of its base URL.</summary>
internal static class PriceVendor
{
    /// <summary>The vendor of everything that costs nothing; it is not in the table.</summary>
    public const string Free = "free";

    private const int OllamaPort = 11434;

    /// <summary>Host, or the end of it after a dot, to vendor.</summary>
    private static readonly (string Host, string Vendor)[] Hosts =
    [
        ("api.openai.com", "openai"),
        ("api.anthropic.com", "anthropic"),
        ("api.groq.com", "groq"),
        ("api.mistral.ai", "mistral"),
        ("codestral.mistral.ai", "mistral"),
        ("api.deepseek.com", "deepseek"),
        ("openrouter.ai", "openrouter"),
        ("generativelanguage.googleapis.com", "gemini"),
        ("api.cohere.com", "cohere"),
        ("api.cohere.ai", "cohere"),
        ("openai.azure.com", "azure"),
        ("services.ai.azure.com", "azure"),
        ("cognitiveservices.azure.com", "azure"),
    ];

    /// <summary>The vendor; null where nobody knows, as for a compatible server of one's own.</summary>
    public static string? Of(ProviderOptions provider) => provider.Type switch
    {
        ProviderType.Echo => Free,
        ProviderType.AzureOpenAi => "azure",
        ProviderType.Bedrock => "bedrock",
        ProviderType.Ollama => OfHost(provider, byDefault: Free, elsewhere: Free),
        ProviderType.Gemini => OfHost(provider, byDefault: "gemini", elsewhere: "gemini"),
        ProviderType.Anthropic => OfHost(provider, byDefault: "anthropic", elsewhere: null),
        ProviderType.OpenAi => OfHost(provider, byDefault: "openai", elsewhere: null),
        _ => null,
    };

    private static string? OfHost(ProviderOptions provider, string byDefault, string? elsewhere)
    {
        if (string.IsNullOrEmpty(provider.BaseUrl))
        {
            return byDefault;
        }

        if (!Uri.TryCreate(provider.BaseUrl, UriKind.Absolute, out var url))
        {
            return elsewhere;
        }

        if (url.IsLoopback && url.Port == OllamaPort)
        {
            return Free;
        }

        return Array.Find(Hosts, known => IsHost(url.Host, known.Host)).Vendor ?? (IsHost(url.Host, "ollama.com") ? null : elsewhere);
    }

    private static bool IsHost(string host, string known) =>
        host.Equals(known, StringComparison.OrdinalIgnoreCase) || host.EndsWith('.' + known, StringComparison.OrdinalIgnoreCase);
}
