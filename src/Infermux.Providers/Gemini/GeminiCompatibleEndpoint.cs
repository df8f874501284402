using Infermux.Core.Configuration;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers.Gemini;

/// <summary>Google's endpoint for clients of OpenAI, beside its own: <c>/v1beta/openai</c>. Images are made there in OpenAI's shape.</summary>
internal sealed class GeminiCompatibleEndpoint : OpenAiEndpoint
{
    /// <inheritdoc/>
    public override Uri ListingOf(ProviderOptions provider) => GeminiEndpoint.ListingOf(provider);

    /// <inheritdoc/>
    protected override Uri Build(ProviderOptions provider, string path) => Append(GeminiEndpoint.CompatibleOf(provider), path);
}
