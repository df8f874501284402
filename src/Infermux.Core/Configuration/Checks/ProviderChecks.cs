namespace Infermux.Core.Configuration.Checks;

/// <summary>Each provider has a usable, unique name and limits that fit together.</summary>
internal static class ProviderChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options)
    {
        if (options.Providers.Count == 0)
        {
            yield return new("providers", "there is no provider, so no request could be answered.", "Add one, such as '- {name: openai, type: openai, api_key: \"${OPENAI_API_KEY}\"}'.");
        }
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < options.Providers.Count; i++)
        {
            var provider = options.Providers[i];
            if (provider.Name.Length > 0 && !seen.TryAdd(provider.Name, i))
            {
                yield return new($"providers[{i}].name", $"'{provider.Name}' is the name of providers[{seen[provider.Name]}] too.", "Give each provider its own name.");
            }
            foreach (var problem in Of(provider, $"providers[{i}]")) { yield return problem; }
        }
    }

    private static IEnumerable<ConfigProblem> Of(ProviderOptions provider, string path)
    {
        if (!Text.IsHeaderText(provider.Name) || provider.Name.AsSpan().ContainsAny("/?#%\\"))
        {
            yield return new($"{path}.name", $"'{provider.Name}' cannot stand in a header and a URL path.", "Use 1 to 128 printable ASCII characters without / ? # % \\.");
        }
        if (provider.ConnectTimeout > provider.Timeout)
        {
            yield return new($"{path}.connect_timeout", $"{Keys.Duration.Write(provider.ConnectTimeout)} is longer than 'timeout' ({Keys.Duration.Write(provider.Timeout)}), which ends the attempt first.",
                "Make it shorter than 'timeout'.", IsWarning: true);
        }
        if (provider.ResponsesApi is true && provider.Type is not (ProviderType.OpenAi or ProviderType.AzureOpenAi or ProviderType.Ollama))
        {
            yield return new($"{path}.responses_api", "a provider of this type does not speak OpenAI's Responses API.",
                "Remove the key: such requests are translated for it. Or use 'type: openai', 'azure_openai' or 'ollama'.");
        }
        var check = provider.HealthCheck;
        if (!check.Disabled && check.Method != HealthCheckMethod.None && check.Timeout > check.Interval)
        {
            yield return new($"{path}.health_check.timeout", $"{Keys.Duration.Write(check.Timeout)} is longer than 'interval' ({Keys.Duration.Write(check.Interval)}), so checks would overlap.",
                "Make it at most 'interval'.", IsWarning: true);
        }
    }
}
