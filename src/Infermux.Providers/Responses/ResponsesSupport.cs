using Infermux.Core.Configuration;

namespace Infermux.Providers.Responses;

/// <summary>Which providers speak OpenAI's Responses API.</summary>
internal static class ResponsesSupport
{
    /// <summary>Whether requests of that API go to this provider as they are: <c>responses_api</c>, else by host.</summary>
    public static bool Speaks(ProviderOptions provider) => provider.Type switch
    {
        ProviderType.OpenAi => provider.ResponsesApi ?? IsOpenAisOwn(provider),
        ProviderType.AzureOpenAi => provider.ResponsesApi ?? true,
        ProviderType.Ollama => provider.ResponsesApi ?? false,
        _ => false,
    };

    /// <summary>Whether OpenAI or Azure answers, so that every field of OpenAI's own chat is known there; compatible servers may refuse what they do not know.</summary>
    public static bool IsOpenAisOwn(ProviderOptions provider) => provider.Type == ProviderType.AzureOpenAi
        || (provider.Type == ProviderType.OpenAi && (string.IsNullOrEmpty(provider.BaseUrl)
            || (Uri.TryCreate(provider.BaseUrl, UriKind.Absolute, out var uri) && uri.Host.EndsWith("api.openai.com", StringComparison.OrdinalIgnoreCase))));
}
