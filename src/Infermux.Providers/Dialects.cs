using Infermux.Core.Configuration;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Azure;
using Infermux.Providers.Bedrock;
using Infermux.Providers.Echo;
using Infermux.Providers.Ollama;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers;

/// <summary>The dialects by provider type. They are stateless and shared.</summary>
public static class Dialects
{
    private static readonly OpenAiDialect OpenAi = new(new DirectEndpoint(DirectEndpoint.OpenAi), TimeProvider.System);
    private static readonly OpenAiDialect Azure = new(new AzureEndpoint(), TimeProvider.System);
    private static readonly OpenAiDialect Ollama = new(new OllamaEndpoint(), TimeProvider.System);
    private static readonly AnthropicDialect Anthropic = new(TimeProvider.System);
    private static readonly BedrockDialect Bedrock = new(TimeProvider.System);
    private static readonly OpenAiDialect Echo = new(new EchoEndpoint(), TimeProvider.System);

    /// <summary>The dialect a provider speaks.</summary>
    /// <exception cref="NotSupportedException">The type is known but not built; <c>validate</c> refuses such a file before it gets here.</exception>
    public static IDialect For(ProviderType type) => type switch
    {
        ProviderType.OpenAi => OpenAi,
        ProviderType.AzureOpenAi => Azure,
        ProviderType.Ollama => Ollama,
        ProviderType.Anthropic => Anthropic,
        ProviderType.Bedrock => Bedrock,
        ProviderType.Echo => Echo,
        _ => throw new NotSupportedException($"Provider type '{type}' is not built yet."),
    };
}
