using Infermux.Core.Configuration;

namespace Infermux.Providers.OpenAi;

/// <summary>
/// OpenAI itself and every server that takes the same paths under its <c>base_url</c>. OpenAI's models take <c>max_completion_tokens</c>, and the newer ones
/// nothing else; compatible servers know <c>max_tokens</c>.
/// </summary>
/// <param name="defaultBaseUrl">Used where the provider has no <c>base_url</c>.</param>
internal sealed class DirectEndpoint(string defaultBaseUrl) : OpenAiEndpoint
{
    /// <summary>OpenAI's own address.</summary>
    public const string OpenAi = "https://api.openai.com/v1";

    /// <inheritdoc/>
    public override Uri ListingOf(ProviderOptions provider) => Build(provider, "/models");

    /// <inheritdoc/>
    public override string CapKey(ProviderOptions provider, Operation operation) =>
        operation == Operation.ChatCompletions && AddressOf(provider, operation).Host.EndsWith("api.openai.com", StringComparison.OrdinalIgnoreCase)
            ? "max_completion_tokens"
            : "max_tokens";

    /// <inheritdoc/>
    protected override Uri Build(ProviderOptions provider, string path) => Append(provider.BaseUrl ?? defaultBaseUrl, path);
}
