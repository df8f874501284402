using Infermux.Core.Configuration;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Azure;
using Infermux.Providers.Bedrock;
using Infermux.Providers.Completions;
using Infermux.Providers.Echo;
using Infermux.Providers.Gemini;
using Infermux.Providers.Ollama;
using Infermux.Providers.Messages;
using Infermux.Providers.Metered;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Pivot;
using Infermux.Providers.Responses;
using Infermux.Providers.Responses.Inbound;

namespace Infermux.Providers;

/// <summary>The dialects by provider type. They are stateless and shared.</summary>
public static class Dialects
{
    private static readonly DirectEndpoint OpenAiEndpoint = new(DirectEndpoint.OpenAi);
    private static readonly AzureEndpoint AzureEndpoint = new();
    private static readonly OllamaEndpoint OllamaEndpoint = new();
    private static readonly OpenAiDialect OpenAi = new(OpenAiEndpoint, TimeProvider.System);
    private static readonly OpenAiDialect Azure = new(AzureEndpoint, TimeProvider.System);
    private static readonly OpenAiDialect Ollama = new(OllamaEndpoint, TimeProvider.System);
    private static readonly AnthropicDialect Anthropic = new(TimeProvider.System);
    private static readonly MessagesDialect AnthropicMessages = new(TimeProvider.System);
    private static readonly MessagesCaller MessagesCallers = new();
    private static readonly GeminiDialect Gemini = new(TimeProvider.System);
    private static readonly BedrockDialect Bedrock = new(TimeProvider.System);
    private static readonly OpenAiDialect Echo = new(new EchoEndpoint(), TimeProvider.System);

    private static readonly ResponsesDialect OpenAiResponses = new(OpenAiEndpoint, OpenAi, TimeProvider.System);
    private static readonly ResponsesDialect AzureResponses = new(AzureEndpoint, Azure, TimeProvider.System);
    private static readonly ResponsesDialect OllamaResponses = new(OllamaEndpoint, Ollama, TimeProvider.System);
    private static readonly ResponsesCaller ResponsesCallers = new(TimeProvider.System);
    private static readonly CompletionsCaller CompletionsCallers = new();

    private static readonly MeteredDialect OpenAiMetered = new(OpenAiEndpoint, OpenAi, TimeProvider.System);
    private static readonly MeteredDialect AzureMetered = new(AzureEndpoint, Azure, TimeProvider.System);
    private static readonly MeteredDialect OllamaMetered = new(OllamaEndpoint, Ollama, TimeProvider.System);
    private static readonly MeteredDialect GeminiMetered = new(new GeminiCompatibleEndpoint(), Gemini, TimeProvider.System);

    /// <summary>The dialect of an attempt: what the caller speaks, by the path it came in, joined to what the provider speaks.</summary>
    public static IDialect For(Operation operation, ProviderOptions provider) => operation switch
    {
        Operation.Completions when provider.Type is ProviderType.Anthropic or ProviderType.Gemini or ProviderType.Bedrock =>
            new TranslatedDialect(CompletionsCallers, For(provider.Type)),
        Operation.ChatCompletions or Operation.Completions or Operation.Embeddings => For(provider.Type),
        Operation.Messages or Operation.CountTokens when Counts(provider.Type) => AnthropicMessages,
        Operation.Messages => new TranslatedDialect(MessagesCallers, For(provider.Type)),
        Operation.Responses => Responses(provider),
        _ when MeteredOperations.Includes(operation) => Metered(provider.Type),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "An operation without a dialect."),
    };

    /// <summary>Whether providers of this type say what a prompt counts (<see cref="Operation.CountTokens"/>); for others it is estimated.</summary>
    public static bool Counts(ProviderType type) => type == ProviderType.Anthropic;

    /// <summary>Whoever else is chosen lacks the operation; selection knows that (OperationSupport).</summary>
    private static MeteredDialect Metered(ProviderType type) => type switch
    {
        ProviderType.OpenAi => OpenAiMetered,
        ProviderType.AzureOpenAi => AzureMetered,
        ProviderType.Ollama => OllamaMetered,
        ProviderType.Gemini => GeminiMetered,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A provider type that is only spoken to in chat."),
    };

    private static IDialect Responses(ProviderOptions provider) => (ResponsesSupport.Speaks(provider), provider.Type) switch
    {
        (true, ProviderType.OpenAi) => OpenAiResponses,
        (true, ProviderType.AzureOpenAi) => AzureResponses,
        (true, ProviderType.Ollama) => OllamaResponses,
        _ => new TranslatedDialect(ResponsesCallers, For(provider.Type)),
    };

    /// <summary>The dialect a provider speaks, for callers of OpenAI's.</summary>
    public static IDialect For(ProviderType type) => type switch
    {
        ProviderType.OpenAi => OpenAi,
        ProviderType.AzureOpenAi => Azure,
        ProviderType.Ollama => Ollama,
        ProviderType.Anthropic => Anthropic,
        ProviderType.Gemini => Gemini,
        ProviderType.Bedrock => Bedrock,
        ProviderType.Echo => Echo,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A provider type without a dialect."),
    };
}
