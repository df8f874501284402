using System.Net;
using System.Net.Sockets;
using Infermux.Core.Configuration;

namespace Infermux.Core.Routing;

/// <summary>Where a provider is, as far as credentials care.</summary>
public static class ProviderEndpoint
{
    private static readonly string[] PrivateSuffixes = [".localhost", ".local", ".internal", ".lan", ".svc", ".home.arpa"];

    /// <summary>The provider's base URL, or its type's default, without a trailing slash; empty for a type that has none.</summary>
    public static string BaseUrl(ProviderOptions provider) => (provider.BaseUrl ?? provider.Type switch
    {
        ProviderType.OpenAi => "https://api.openai.com/v1",
        ProviderType.Gemini when VertexPlace.Is(provider) => VertexPlace.Url(provider),
        ProviderType.Anthropic => "https://api.anthropic.com",
        ProviderType.Ollama => "http://localhost:11434",
        ProviderType.Gemini => "https://generativelanguage.googleapis.com",
        ProviderType.Bedrock when AwsRegion.Of(provider) is not null => AwsRegion.BedrockUrl(provider),
        _ => "",
    }).TrimEnd('/');

    /// <summary>Whose credential it is called with. A server of the OpenAI dialect at a private address is taken to ask for none.</summary>
    public static CredentialNeed Credential(ProviderOptions provider) => provider switch
    {
        { ApiKey.Length: > 0 } or { Type: ProviderType.Bedrock } => CredentialNeed.Own, // bedrock: its keys, else those of the AWS chain
        _ when EntraScope.IsAsked(provider) || VertexPlace.Is(provider) => CredentialNeed.Own, // a token of a chain
        { Type: ProviderType.Ollama or ProviderType.Echo } => CredentialNeed.None,
        { Type: ProviderType.OpenAi } when IsPrivate(BaseUrl(provider)) => CredentialNeed.None,
        _ => CredentialNeed.Caller,
    };

    /// <summary>Whether two base URLs are one for a caller's token: scheme, host, port and path, letter case aside.</summary>
    public static bool Same(string left, string right) =>
        left.AsSpan().TrimEnd('/').Equals(right.AsSpan().TrimEnd('/'), StringComparison.OrdinalIgnoreCase);

    private static bool IsPrivate(string baseUrl) =>
        Uri.TryCreate(baseUrl, UriKind.Absolute, out var uri) && IsPrivateHost(uri.IdnHost);

    private static bool IsPrivateHost(string host) => IPAddress.TryParse(host, out var address)
        ? IsPrivateAddress(address)
        : !host.Contains('.', StringComparison.Ordinal)
            || PrivateSuffixes.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    private static bool IsPrivateAddress(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (IPAddress.IsLoopback(address) || address.AddressFamily is AddressFamily.InterNetworkV6)
        {
            return IPAddress.IsLoopback(address) || address.IsIPv6UniqueLocal;
        }

        var bytes = address.GetAddressBytes();
        return bytes is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..];
    }
}
