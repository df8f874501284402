using System.Net;

namespace Infermux.Core.Configuration.Checks;

/// <summary>Upstream addresses are absolute, carry no secrets of their own, and do not send a key in the clear over a public network.</summary>
internal static class AddressChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options) => options.Providers.SelectMany((p, i) => Of(p, $"providers[{i}]"));

    private static IEnumerable<ConfigProblem> Of(ProviderOptions provider, string path) =>
        [.. OfUrl(provider, path), .. OfAzure(provider, path), .. OfAnthropic(provider, path)];

    private static IEnumerable<ConfigProblem> OfUrl(ProviderOptions provider, string path)
    {
        if (provider.BaseUrl is null)
        {
            if (provider.Type == ProviderType.AzureOpenAi)
            {
                yield return new(path, $"'{provider.Name}' has no 'base_url', and 'azure_openai' has no default one.", "Set it to the resource's URL, such as 'https://NAME.openai.azure.com'.");
            }
            yield break;
        }
        path = $"{path}.base_url";
        if (!Uri.TryCreate(provider.BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return new(path, $"'{provider.BaseUrl}' is not an absolute http(s) URL.", "Write the scheme too, such as 'https://api.openai.com/v1'.");
            yield break;
        }
        if (url.UserInfo.Length > 0) { yield return new(path, "carries a user name or password.", "Put the credential into 'api_key' or 'headers'."); }
        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            yield return new(path, "carries a query or a fragment, which paths cannot be appended to.", "End it with the path, such as '/v1'.");
        }
        var (sends, what) = (EntraScope.IsAsked(provider) || VertexPlace.NeedsToken(provider)) ? (true, "token") : (!string.IsNullOrEmpty(provider.ApiKey), "api_key");
        if (url.Scheme is "http" && sends && !IsPrivate(url))
        {
            yield return new(path, $"'{provider.Name}' sends its {what} over http, readable by everyone on the way.", "Use https.", IsWarning: true);
        }
    }

    private static IEnumerable<ConfigProblem> OfAzure(ProviderOptions provider, string path)
    {
        if (provider.Type != ProviderType.AzureOpenAi)
        {
            foreach (var (key, value) in new[] { ("azure_deployment", provider.AzureDeployment), ("azure_api_version", provider.AzureApiVersion) })
            {
                if (value is not null) { yield return new($"{path}.{key}", "has no effect: the type is not 'azure_openai'.", "Remove it, or set 'type: azure_openai'.", IsWarning: true); }
            }
            yield break;
        }
        if (provider.AzureDeployment is not null && provider.AzureApiVersion is null)
        {
            yield return new($"{path}.azure_deployment", "needs 'azure_api_version' beside it: Azure's classic URL answers 404 without one.", "Set it, such as '2024-10-21'.", IsWarning: true);
        }
        if (provider.AzureDeployment is { } deployment && Served.TargetsOf(provider).Count() > 1)
        {
            yield return new($"{path}.azure_deployment", $"every model listed here is answered by the one deployment '{deployment}'.",
                "Write one provider entry per deployment.", IsWarning: true);
        }
    }

    private static IEnumerable<ConfigProblem> OfAnthropic(ProviderOptions provider, string path)
    {
        if (provider.AnthropicBeta is not null && provider.Type != ProviderType.Anthropic)
        {
            yield return new($"{path}.anthropic_beta", "has no effect: the type is not 'anthropic'.", "Remove it, or set 'type: anthropic'.", IsWarning: true);
        }
    }

    // A name without a dot and the usual internal suffixes resolve inside; anything else is taken for public.
    private static bool IsPrivate(Uri url) =>
        url.IsLoopback || !url.Host.Contains('.', StringComparison.Ordinal)
        || url.Host.EndsWith(".local", StringComparison.Ordinal) || url.Host.EndsWith(".internal", StringComparison.Ordinal) || url.Host.EndsWith(".svc", StringComparison.Ordinal)
        || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IsPrivate(address));

    private static bool IsPrivate(IPAddress address) => address.GetAddressBytes() switch
    {
        [10, ..] or [127, ..] or [192, 168, ..] or [172, >= 16 and <= 31, ..] => true,
        { Length: 16 } v6 => address.IsIPv6LinkLocal || (v6[0] & 0xFE) == 0xFC,
        _ => false,
    };
}
