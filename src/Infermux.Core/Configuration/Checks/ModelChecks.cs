namespace Infermux.Core.Configuration.Checks;

/// <summary>Model lists and aliases say something.</summary>
internal static class ModelChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options) => options.Providers.SelectMany((p, i) => Of(p, $"providers[{i}]"));

    private static IEnumerable<ConfigProblem> Of(ProviderOptions provider, string path)
    {
        foreach (var (model, m) in (provider.Models ?? []).Select((model, m) => (model, m)))
        {
            if (model.Trim().Length == 0) { yield return new($"{path}.models[{m}]", "is empty.", "Write the provider's model name, or remove the entry."); }
        }
        if (provider.Models is { Count: 0 } && provider.ModelAliases.Count == 0)
        {
            yield return new($"{path}.models", $"is an empty list, so '{provider.Name}' serves nothing.", "List its models, or leave the key out to let it serve any name.", IsWarning: true);
        }
        foreach (var (alias, target) in provider.ModelAliases)
        {
            if (alias.Trim().Length == 0 || target.Trim().Length == 0)
            {
                yield return new($"{path}.model_aliases.{alias}", "an alias needs a name and a target model.", "Write 'caller-name: provider-name'.");
            }
            else if (provider.ModelAliases.ContainsKey(target) && !string.Equals(alias, target, StringComparison.Ordinal))
            {
                yield return new($"{path}.model_aliases.{alias}", $"its target '{target}' is an alias itself, and aliases are not followed twice.",
                    $"Write the target of '{target}' here, unless the provider really has a model of that name.", IsWarning: true);
            }
        }
    }
}
