using Infermux.Core.Configuration;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers.Ollama;

/// <summary>Ollama through its OpenAI-compatible paths: <c>/v1</c> is appended to a base URL that lacks it. It has no keys, so a check needs none.</summary>
internal sealed class OllamaEndpoint : OpenAiEndpoint
{
    /// <summary>Where Ollama listens by default.</summary>
    public const string DefaultBaseUrl = "http://localhost:11434";

    /// <inheritdoc/>
    public override bool CheckNeedsKey => false;

    /// <inheritdoc/>
    public override Uri ListingOf(ProviderOptions provider) => Append(WithoutV1(provider), "/api/tags");

    /// <inheritdoc/>
    protected override Uri Build(ProviderOptions provider, string path) => Append(WithoutV1(provider), "/v1" + path);

    private static string WithoutV1(ProviderOptions provider)
    {
        var url = (provider.BaseUrl ?? DefaultBaseUrl).TrimEnd('/');
        return url.EndsWith("/v1", StringComparison.Ordinal) ? url[..^3] : url;
    }
}
