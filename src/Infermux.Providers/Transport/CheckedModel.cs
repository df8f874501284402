using Infermux.Core.Configuration;

namespace Infermux.Providers.Transport;

/// <summary>The model that a health check with <c>method: chat</c> asks.</summary>
internal static class CheckedModel
{
    /// <summary>The first that the file names, as the provider knows it; null where it names none.</summary>
    public static string? Of(ProviderOptions provider) => provider.Models is [var listed, ..]
        ? provider.ModelAliases.GetValueOrDefault(listed, listed)
        : provider.ModelAliases.Values.FirstOrDefault();
}
