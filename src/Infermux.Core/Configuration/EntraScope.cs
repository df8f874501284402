namespace Infermux.Core.Configuration;

/// <summary>What a token of Microsoft Entra ID is asked for.</summary>
public static class EntraScope
{
    private const string Projects = "/api/projects/";

    /// <summary>The scope of Azure OpenAI and of the models of a Foundry resource, in both URL forms.</summary>
    public const string Resource = "https://cognitiveservices.azure.com/.default";

    /// <summary>The scope of the endpoints of Foundry projects (<c>/api/projects/…</c>), which refuse the other.</summary>
    public const string Project = "https://ai.azure.com/.default";

    /// <summary>Whether a provider is called with such a token that Infermux fetches.</summary>
    public static bool IsAsked(ProviderOptions provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider is { Type: ProviderType.AzureOpenAi, AzureAuth: AzureAuth.Entra };
    }

    /// <summary><c>azure_scope</c>, else the one that fits <c>base_url</c>.</summary>
    public static string Of(ProviderOptions provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider switch
        {
            { AzureScope: { Length: > 0 } given } => given,
            { BaseUrl: { } url } when url.Contains(Projects, StringComparison.OrdinalIgnoreCase) => Project,
            { BaseUrl: { } url } when HasHost(url, ".azure.us") => "https://cognitiveservices.azure.us/.default",
            { BaseUrl: { } url } when HasHost(url, ".azure.cn") => "https://cognitiveservices.azure.cn/.default",
            _ => Resource,
        };
    }

    private static bool HasHost(string url, string end) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Host.EndsWith(end, StringComparison.OrdinalIgnoreCase);
}
