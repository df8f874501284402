using Infermux.Core.Configuration;
using Infermux.Providers.Aws;
using Infermux.Providers.Azure;

namespace Infermux.Providers.Credentials;

/// <summary>
/// Adds what a request gets only as it leaves: a signature, or the token of a vendor's credential chain. A request that has a key, or a credential of the
/// operator's own <c>headers</c>, is left as it is.
/// </summary>
/// <param name="sources">The chains of this host.</param>
/// <param name="time">The clock of signatures.</param>
internal sealed class RequestCredentials(CredentialSources sources, TimeProvider time)
{
    private const string QuotaProject = "x-goog-user-project";

    private RequestSigner? _signer;

    private RequestSigner Signer => _signer ??= new RequestSigner(sources.Aws, time);

    /// <summary>Whether a request lacks its credential.</summary>
    public static bool IsNeeded(ProviderOptions provider, HttpRequestMessage request) => provider.Type switch
    {
        ProviderType.Bedrock => RequestSigner.IsNeeded(provider, request),
        ProviderType.AzureOpenAi => EntraScope.IsAsked(provider) && HasNone(request),
        ProviderType.Gemini => VertexPlace.NeedsToken(provider) && HasNone(request),
        _ => false,
    };

    /// <summary>Adds it.</summary>
    /// <exception cref="CredentialUnavailableException">There is none; the request must not be sent.</exception>
    public ValueTask AddAsync(ProviderOptions provider, HttpRequestMessage request, CancellationToken cancellationToken) => provider.Type switch
    {
        ProviderType.Bedrock => Signer.SignAsync(provider, request, cancellationToken),
        ProviderType.AzureOpenAi => AddEntraAsync(provider, request, cancellationToken),
        _ => AddGoogleAsync(provider, request, cancellationToken),
    };

    private async ValueTask AddEntraAsync(ProviderOptions provider, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var chain = sources.Entra ?? throw Missing(provider, "azure_auth: entra", "api_key");
        var identity = new EntraIdentity(EntraScope.Of(provider), Given(provider.AzureTenantId), Given(provider.AzureClientId), Given(provider.AzureClientSecret));
        Add(request, await chain.GetAsync(identity, cancellationToken));
    }

    private async ValueTask AddGoogleAsync(ProviderOptions provider, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var chain = sources.Google ?? throw Missing(provider, "Vertex AI", "api_key");
        var token = await chain.GetAsync(Given(provider.VertexCredentialsFile), cancellationToken);
        Add(request, token.AccessToken);
        if (token.QuotaProject is { } project && !request.Headers.NonValidated.Contains(QuotaProject))
        {
            request.Headers.TryAddWithoutValidation(QuotaProject, project);
        }
    }

    private static bool HasNone(HttpRequestMessage request) => !request.Headers.NonValidated.Contains("Authorization");

    private static void Add(HttpRequestMessage request, string token) => request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static CredentialUnavailableException Missing(ProviderOptions provider, string what, string key) => new(
        $"Provider '{provider.Name}' needs a token for {what}, and this program was built without the library that fetches one. Set {key}.");
}
