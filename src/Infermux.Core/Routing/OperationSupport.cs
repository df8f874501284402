using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Core.Routing;

/// <summary>Which wire dialect has which operation, and what an operation may be priced by.</summary>
public static class OperationSupport
{
    private const string OpenAiHost = "api.openai.com";

    /// <summary>
    /// Whether a provider has the operation: by its type, and for <see cref="RoutedOperation.Rerank"/>, which OpenAI itself does not have but many compatible
    /// servers do, by its host too. Vertex AI makes images by no path of OpenAI's shape.
    /// </summary>
    public static bool Has(ProviderOptions provider, RoutedOperation operation) => Has(provider.Type, operation)
        && (operation is not RoutedOperation.Rerank || !IsOpenAisOwn(provider))
        && (operation is not RoutedOperation.ImageGeneration || !VertexPlace.Is(provider));

    /// <summary>
    /// Whether providers of this type have the operation. Anthropic and Bedrock's Converse have no embeddings. Legacy completions are said in chat to
    /// Anthropic, Bedrock and Gemini. What is not chat is served where OpenAI's own paths are: Azure has no variations, moderations and ranking, Ollama transcribes, and
    /// Gemini's compatible endpoint makes images.
    /// </summary>
    public static bool Has(ProviderType type, RoutedOperation operation) => type switch
    {
        ProviderType.OpenAi => true,
        ProviderType.AzureOpenAi => operation is not (RoutedOperation.ImageVariation or RoutedOperation.Moderation or RoutedOperation.Rerank),
        ProviderType.Ollama => !IsMetered(operation) || operation is RoutedOperation.Transcription,
        ProviderType.Gemini => !IsMetered(operation) || operation is RoutedOperation.ImageGeneration,
        ProviderType.Echo => !IsMetered(operation),
        ProviderType.Anthropic or ProviderType.Bedrock => operation is not RoutedOperation.Embedding && !IsMetered(operation),
        _ => false,
    };

    /// <summary>The types that have the operation, in the order of <see cref="ProviderType"/>.</summary>
    public static IReadOnlyList<ProviderType> TypesWith(RoutedOperation operation) => [.. Enum.GetValues<ProviderType>().Where(type => Has(type, operation))];

    /// <summary>Whether it is none of chat, completions, embeddings and counts: passed through, and priced by <see cref="MeteredBill"/>.</summary>
    public static bool IsMetered(RoutedOperation operation) => operation >= RoutedOperation.ImageGeneration;

    /// <summary>What it may be priced by beside tokens.</summary>
    public static PriceUnit UnitOf(RoutedOperation operation) => operation switch
    {
        RoutedOperation.ImageGeneration or RoutedOperation.ImageEdit or RoutedOperation.ImageVariation => PriceUnit.Image,
        RoutedOperation.Speech => PriceUnit.Character,
        RoutedOperation.Transcription or RoutedOperation.Translation => PriceUnit.Second,
        RoutedOperation.Rerank => PriceUnit.Search,
        _ => PriceUnit.None,
    };

    private static bool IsOpenAisOwn(ProviderOptions provider) => provider.Type is ProviderType.OpenAi
        && (string.IsNullOrEmpty(provider.BaseUrl)
            || (Uri.TryCreate(provider.BaseUrl, UriKind.Absolute, out var url) && url.Host.EndsWith(OpenAiHost, StringComparison.OrdinalIgnoreCase)));
}
