using Infermux.Core.Configuration;

namespace Infermux.Providers.OpenAi;

/// <summary>What vendors of OpenAI's dialect bill when a stream is cut by its caller, known by host.</summary>
internal static class VendorBilling
{
    /// <summary>Groq, Mistral, Perplexity and Gemini generate on and bill in full (OpenRouter's list of 2026); others stop.</summary>
    public static AbortBilling Of(ProviderOptions provider) =>
        Uri.TryCreate(provider.BaseUrl, UriKind.Absolute, out var uri) && uri.Host is var host
        && (Is(host, "groq.com") || Is(host, "mistral.ai") || Is(host, "perplexity.ai") || Is(host, "googleapis.com"))
            ? AbortBilling.BillsOn
            : AbortBilling.StopsOnAbort;

    private static bool Is(string host, string domain) =>
        host.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && (host.Length == domain.Length || host[^(domain.Length + 1)] == '.');
}
