namespace Infermux.Core.Configuration.Checks;

/// <summary>A provider with <c>azure_auth: entra</c> has one whole identity and sends it over TLS; no other provider has any of it.</summary>
internal static class EntraChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options) => options.Providers.SelectMany((p, i) => Of(p, $"providers[{i}]"));

    private static IEnumerable<ConfigProblem> Of(ProviderOptions provider, string path) => EntraScope.IsAsked(provider)
        ? [.. OfIdentity(provider, path), .. OfScope(provider, path)]
        : Strays(provider, path);

    private static IEnumerable<ConfigProblem> OfIdentity(ProviderOptions provider, string path)
    {
        if (provider.ApiKey is not null)
        {
            yield return new($"{path}.azure_auth", "is 'entra' although there is an 'api_key', so nobody knows which of the two is meant.",
                "Remove 'api_key', or 'azure_auth'.");
        }

        if (!string.IsNullOrEmpty(provider.AzureClientSecret))
        {
            foreach (var (key, value) in new[] { ("azure_tenant_id", provider.AzureTenantId), ("azure_client_id", provider.AzureClientId) })
            {
                if (string.IsNullOrEmpty(value))
                {
                    yield return new($"{path}.azure_client_secret", $"needs '{key}' beside it.", $"Set '{key}', or leave the secret out for the credential chain.");
                }
            }
        }
    }

    private static IEnumerable<ConfigProblem> OfScope(ProviderOptions provider, string path)
    {
        if (provider.AzureScope is { } scope && !(Uri.TryCreate(scope, UriKind.Absolute, out _) && scope.EndsWith("/.default", StringComparison.Ordinal)))
        {
            yield return new($"{path}.azure_scope", $"'{scope}' is not a scope of an application.", $"Write it as Azure does, such as '{EntraScope.Resource}'.");
        }
    }

    private static IEnumerable<ConfigProblem> Strays(ProviderOptions provider, string path)
    {
        if (provider.AzureAuth == AzureAuth.Entra)
        {
            yield return new($"{path}.azure_auth", "has no effect: the type is not 'azure_openai'.", "Remove it, or set 'type: azure_openai'.", IsWarning: true);
        }

        foreach (var (key, value) in new[]
        {
            ("azure_tenant_id", provider.AzureTenantId), ("azure_client_id", provider.AzureClientId), ("azure_client_secret", provider.AzureClientSecret),
            ("azure_scope", provider.AzureScope),
        })
        {
            if (value is not null)
            {
                yield return new($"{path}.{key}", "has no effect without 'azure_auth: entra'.", "Remove it, or set 'azure_auth: entra'.", IsWarning: true);
            }
        }
    }
}
