using System.Security.Cryptography;
using System.Text;
using Infermux.Core.Configuration;

namespace Infermux.Grains.Providers;

/// <summary>
/// Tells whether a name in the file still means the same upstream: type, base URL and credential, as a hash that gives none of them away. What was learned of
/// one says nothing of another.
/// </summary>
internal static class ProviderFingerprint
{
    public static string Of(ProviderOptions provider)
    {
        var credential = Hash(provider.ApiKey ?? "");
        return Hash($"{provider.Type}\n{provider.BaseUrl}\n{credential}{Identity(provider)}")[..24];
    }

    // Nothing for the rest, whose fingerprints are in stores.
    private static string Identity(ProviderOptions provider) =>
        EntraScope.IsAsked(provider) ? $"\n{provider.AzureTenantId}\n{provider.AzureClientId}\n{Hash(provider.AzureClientSecret ?? "")}\n{EntraScope.Of(provider)}"
        : VertexPlace.Is(provider) ? $"\n{VertexPlace.Parent(provider)}\n{provider.VertexCredentialsFile}"
        : "";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
