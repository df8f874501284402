using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Providers.Transport;

namespace Infermux.Providers.Anthropic;

/// <summary>Where a provider of type <c>anthropic</c> is reached, and the headers that every request to it carries.</summary>
internal static class AnthropicEndpoint
{
    /// <summary>
    /// Sent where the caller named none. The later version refuses sampling fields even at their defaults, and says nothing that a translation could use.
    /// </summary>
    public const string Version = "2023-06-01";

    private const string DefaultBaseUrl = "https://api.anthropic.com";
    private const string AccessToken = "sk-ant-oat"; // what a login gives in place of a key; it is a bearer

    /// <summary>A request with a body.</summary>
    /// <param name="provider">Where to.</param>
    /// <param name="credential">A key, or an access token; null sends none.</param>
    /// <param name="requestId">Our id; null: none.</param>
    /// <param name="path">Below <c>/v1/</c>.</param>
    /// <param name="body">The body.</param>
    /// <param name="version"><c>anthropic-version</c>.</param>
    /// <param name="betas"><c>anthropic-beta</c>; none: not sent.</param>
    public static HttpRequestMessage Post(
        ProviderOptions provider, string? credential, string? requestId, string path, HttpContent body, string version = Version, IReadOnlyList<string>? betas = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url(provider, path)) { Content = body };
        if (betas is { Count: > 0 })
        {
            request.Headers.TryAddWithoutValidation("anthropic-beta", string.Join(',', betas));
        }

        return WithHeaders(request, provider, credential, requestId, version);
    }

    /// <summary>The request of a health check, or null where the method needs a key that is not there.</summary>
    public static HttpRequestMessage? HealthCheck(ProviderOptions provider)
    {
        if (provider.ApiKey is not { Length: > 0 } key)
        {
            return null;
        }

        return provider.HealthCheck.Method switch
        {
            HealthCheckMethod.Models => WithHeaders(new HttpRequestMessage(HttpMethod.Get, Url(provider, "models?limit=1")), provider, key, null, Version),
            HealthCheckMethod.Chat when CheckedModel.Of(provider) is { } model => Post(provider, key, null, "messages", new RequestBodyContent(OneToken(model))),
            _ => null,
        };
    }

    private static byte[] OneToken(string model) =>
        JsonSerializer.SerializeToUtf8Bytes(new { model, max_tokens = 1, messages = new[] { new { role = "user", content = "ping" } } });

    private static HttpRequestMessage WithHeaders(HttpRequestMessage request, ProviderOptions provider, string? credential, string? requestId, string version)
    {
        request.Headers.TryAddWithoutValidation("anthropic-version", version);
        if (!string.IsNullOrEmpty(credential))
        {
            var isToken = credential.StartsWith(AccessToken, StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(isToken ? "Authorization" : "x-api-key", isToken ? $"Bearer {credential}" : credential);
        }

        RequestHeaders.Complete(request, provider, requestId);
        return request;
    }

    private static Uri Url(ProviderOptions provider, string path)
    {
        var root = (provider.BaseUrl ?? DefaultBaseUrl).TrimEnd('/');
        return new Uri(root.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) ? $"{root}/{path}" : $"{root}/v1/{path}");
    }
}
