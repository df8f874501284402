using Infermux.Core.Configuration;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers.Azure;

/// <summary>
/// Azure OpenAI. With <c>azure_deployment</c> the classic form <c>/openai/deployments/{deployment}/…?api-version=…</c>, in which the body's model is ignored;
/// without it the v1 form <c>/openai/v1/…</c>, in which the model is the deployment's name.
/// </summary>
internal sealed class AzureEndpoint : OpenAiEndpoint
{
    /// <summary>The generally available version, used where <c>azure_api_version</c> is not set.</summary>
    public const string DefaultVersion = "2024-10-21";

    private const string FirstWithCompletionCap = "2024-09-01";

    /// <inheritdoc/>
    public override Uri ListingOf(ProviderOptions provider) => IsClassic(provider)
        ? Append(Resource(provider), "/openai/models", Version(provider))
        : Build(provider, "/models");

    /// <summary>A key has its own header; an Entra token (a JSON web token) is a bearer.</summary>
    public override void Authorize(HttpRequestMessage request, string credential)
    {
        if (credential.StartsWith("eyJ", StringComparison.Ordinal) && credential.Count(c => c == '.') == 2)
        {
            base.Authorize(request, credential);
        }
        else
        {
            request.Headers.TryAddWithoutValidation("api-key", credential);
        }
    }

    /// <inheritdoc/>
    public override string CapKey(ProviderOptions provider, Operation operation) =>
        operation == Operation.ChatCompletions
        && (!IsClassic(provider) || string.CompareOrdinal(provider.AzureApiVersion ?? DefaultVersion, FirstWithCompletionCap) >= 0)
            ? "max_completion_tokens"
            : "max_tokens";

    /// <summary>In the classic form the deployment stands in the address, and the body's model is ignored.</summary>
    public override bool NamesModel(ProviderOptions provider) => !IsClassic(provider);

    /// <summary>Responses has the v1 form only, in which the model is the deployment's name.</summary>
    public override string ResponsesModel(ProviderOptions provider, string model) => IsClassic(provider) ? provider.AzureDeployment! : model;

    /// <inheritdoc/>
    protected override Uri Build(ProviderOptions provider, string path) => IsClassic(provider) && !path.StartsWith("/responses", StringComparison.Ordinal)
        ? Append(Resource(provider), $"/openai/deployments/{Uri.EscapeDataString(provider.AzureDeployment!)}{path}", Version(provider))
        : Append(Resource(provider), HasV1(provider) ? path : "/openai/v1" + path);

    private static bool IsClassic(ProviderOptions provider) => !string.IsNullOrEmpty(provider.AzureDeployment);

    private static bool HasV1(ProviderOptions provider) => new Uri(Resource(provider)).AbsolutePath.TrimEnd('/').EndsWith("/v1", StringComparison.Ordinal);

    private static string Version(ProviderOptions provider) => "api-version=" + Uri.EscapeDataString(provider.AzureApiVersion ?? DefaultVersion);

    private static string Resource(ProviderOptions provider) => provider.BaseUrl
        ?? throw new InvalidOperationException($"Provider '{provider.Name}' has no base_url. Set it to the resource's URL, https://NAME.openai.azure.com.");
}
