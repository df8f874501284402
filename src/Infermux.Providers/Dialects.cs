using Infermux.Core.Configuration;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Azure;
using Infermux.Providers.Echo;
using Infermux.Providers.Ollama;
using Infermux.Providers.Messages;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Pivot;

namespace Infermux.Providers;

/// <summary>The dialects by provider type. They are stateless and shared.</summary>
public static class Dialects
{
    private static readonly OpenAiDialect OpenAi = new(new DirectEndpoint(DirectEndpoint.OpenAi), TimeProvider.System);
    private static readonly OpenAiDialect Azure = new(new AzureEndpoint(), TimeProvider.System);
    private static readonly OpenAiDialect Ollama = new(new OllamaEndpoint(), TimeProvider.System);
    private static readonly AnthropicDialect Anthropic = new(TimeProvider.System);
    private static readonly MessagesDialect AnthropicMessages = new(TimeProvider.System);
    private static readonly MessagesCaller MessagesCallers = new();
    private static readonly OpenAiDialect Echo = new(new EchoEndpoint(), TimeProvider.System);

    /// <summary>The dialect of an attempt: what the caller speaks, by the path it came in, joined to what the provider speaks.</summary>
    /// <exception cref="NotSupportedException">The type is known but not built; <c>validate</c> refuses such a file before it gets here.</exception>
    public static IDialect For(Operation operation, ProviderOptions provider) => operation switch
    {
        Operation.ChatCompletions or Operation.Completions or Operation.Embeddings => For(provider.Type),
        Operation.Messages or Operation.CountTokens when Counts(provider.Type) => AnthropicMessages,
        Operation.Messages => new TranslatedDialect(MessagesCallers, For(provider.Type)),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "An operation without a dialect."),
    };

    /// <summary>Whether providers of this type say what a prompt counts (<see cref="Operation.CountTokens"/>); for others it is estimated.</summary>
    public static bool Counts(ProviderType type) => type == ProviderType.Anthropic;

    /// <summary>The dialect a provider speaks, for callers of OpenAI's.</summary>
    /// <exception cref="NotSupportedException">The type is known but not built; <c>validate</c> refuses such a file before it gets here.</exception>
    public static IDialect For(ProviderType type) => type switch
    {
        ProviderType.OpenAi => OpenAi,
        ProviderType.AzureOpenAi => Azure,
        ProviderType.Ollama => Ollama,
        ProviderType.Anthropic => Anthropic,
        ProviderType.Echo => Echo,
        _ => throw new NotSupportedException($"Provider type '{type}' is not built yet."),
    };
}
