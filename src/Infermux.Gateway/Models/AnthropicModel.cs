using Infermux.Core.Configuration;
using Infermux.Core.Routing;

namespace Infermux.Gateway.Models;

/// <summary>One model as Anthropic lists it. Its age is not known: Anthropic writes the epoch for that.</summary>
internal sealed record AnthropicModel(string Type, string Id, string DisplayName, string CreatedAt, long? MaxInputTokens, long? MaxTokens)
{
    /// <summary>Limits come from the price table, where it has the model that the name stands for.</summary>
    public static AnthropicModel Of(ServedModel model, ConfigurationSnapshot snapshot)
    {
        var provider = snapshot.Options.Providers.FirstOrDefault(p => string.Equals(p.Name, model.Provider, StringComparison.Ordinal));
        var price = provider is null ? null : snapshot.Prices.Find(provider, provider.ModelAliases.GetValueOrDefault(model.Name, model.Name));
        return new("model", model.Name, model.Name, "1970-01-01T00:00:00Z", price?.MaxInput, price?.MaxOutput);
    }
}
