using Infermux.Core.Configuration;

namespace Infermux.Core.Routing;

/// <summary>Which wire dialect has which operation.</summary>
public static class OperationSupport
{
    /// <summary>
    /// Whether providers of this type have the operation. Anthropic and Bedrock's Converse have no embeddings. Legacy completions are said in chat to Anthropic,
    /// Bedrock and Gemini.
    /// </summary>
    public static bool Has(ProviderType type, RoutedOperation operation) => type switch
    {
        ProviderType.OpenAi or ProviderType.Ollama or ProviderType.AzureOpenAi or ProviderType.Echo or ProviderType.Gemini => true,
        ProviderType.Anthropic or ProviderType.Bedrock => operation is not RoutedOperation.Embedding,
        _ => false,
    };
}
