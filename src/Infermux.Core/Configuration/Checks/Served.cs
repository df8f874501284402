namespace Infermux.Core.Configuration.Checks;

/// <summary>What the file alone says about which provider serves which model.</summary>
internal static class Served
{
    /// <summary>Whether a provider lists or aliases a model, or lists none and so may serve any.</summary>
    internal static bool MayServe(ProviderOptions provider, string model) =>
        provider.ModelAliases.ContainsKey(model)
        || provider.ModelAliases.Values.Contains(model, StringComparer.Ordinal)
        || (provider.Models?.Contains(model, StringComparer.Ordinal) ?? provider.Type is not ProviderType.Echo);

    /// <summary>The target models that the file names for a provider.</summary>
    internal static IEnumerable<string> TargetsOf(ProviderOptions provider) =>
        (provider.Models ?? []).Where(m => !provider.ModelAliases.ContainsKey(m)).Concat(provider.ModelAliases.Values).Distinct(StringComparer.Ordinal);
}
