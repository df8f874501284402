using Infermux.Core.Configuration;

namespace Infermux.Core.Routing;

/// <summary>Which wire dialect has which operation.</summary>
public static class OperationSupport
{
    /// <summary>Whether providers of this type have the operation. Anthropic has no embeddings; its chat translates both kinds of completion. Gemini has chat and embeddings.</summary>
    public static bool Has(ProviderType type, RoutedOperation operation) => type switch
    {
        ProviderType.OpenAi or ProviderType.Ollama or ProviderType.AzureOpenAi or ProviderType.Echo => true,
        ProviderType.Anthropic => operation is not RoutedOperation.Embedding,
        ProviderType.Gemini => operation is not RoutedOperation.Completion,
        ProviderType.Bedrock => true,
        _ => false,
    };
}
