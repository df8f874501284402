using Infermux.Core.Routing;

namespace Infermux.Core.Configuration.Checks;

/// <summary>Mode and key fit together, and every provider that needs a credential can get one.</summary>
internal static class AuthChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options)
    {
        var auth = options.Auth;
        if (auth.Mode == AuthMode.StaticKey && string.IsNullOrEmpty(auth.Key))
        {
            yield return new("auth.key", "mode 'static_key' needs the key that callers send, and there is none.", "Set 'auth.key', such as '${INFERMUX_API_KEY}'.");
        }
        if (auth.Mode == AuthMode.Passthrough && auth.Key is not null)
        {
            yield return new("auth.key", "has no effect: mode 'passthrough' does not check callers.", "Set 'auth.mode: static_key', or remove the key.", IsWarning: true);
        }
        if (auth.Mode != AuthMode.StaticKey) { yield break; }
        foreach (var (provider, i) in options.Providers.Select((p, i) => (p, i)).Where(x => x.p.ApiKey is null && IsHosted(x.p) && ProviderEndpoint.Credential(x.p) is CredentialNeed.Caller))
        {
            yield return new($"providers[{i}]", $"'{provider.Name}' has no credential: it is a hosted provider without 'api_key', and with 'auth.mode: static_key' no caller's token travels upstream.",
                "Set its 'api_key'.");
        }
    }

    private static bool IsHosted(ProviderOptions provider) =>
        provider.Type is ProviderType.Anthropic or ProviderType.AzureOpenAi or ProviderType.Gemini || (provider.Type == ProviderType.OpenAi && provider.BaseUrl is null);
}
