using Infermux.Core.Configuration;

namespace Infermux.Hosting.Configuration.WellKnown;

/// <summary>
/// The providers of a process without a file, from the variables that the vendors' own SDKs read; where there are none, the built-in echo provider.
/// </summary>
/// <param name="variable">The value of an environment variable, or null.</param>
internal sealed class EnvironmentProviders(Func<string, string?> variable)
{
    private static readonly ProviderOptions Echo = new() { Name = "echo", Type = ProviderType.Echo, Models = ["echo-v1", "lorem"], FromEnvironment = true };

    /// <summary>The providers, each with the variable it comes from, and what was found half set.</summary>
    public (IReadOnlyList<(ProviderOptions Provider, string Variable)> Providers, IReadOnlyList<(string Variable, ConfigProblem Problem)> Problems) Find()
    {
        (ProviderOptions? Provider, string Variable)[] found =
        [
            (OpenAi(), "OPENAI_API_KEY"), (Anthropic(), "ANTHROPIC_API_KEY"), (Gemini(), "GEMINI_API_KEY"), (Azure(), "AZURE_OPENAI_ENDPOINT"), (Ollama(), "OLLAMA_HOST"),
        ];
        var set = found.Where(f => f.Provider is not null).Select(f => (f.Provider! with { FromEnvironment = true }, f.Variable)).ToList();
        return (set.Count > 0 ? set : [(Echo, "built-in")], [.. HalfSet()]);
    }

    private string? Get(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (variable(name)?.Trim() is { Length: > 0 } value) { return value; }
        }
        return null;
    }

    private ProviderOptions? OpenAi() =>
        Get("OPENAI_API_KEY") is var key && Get("OPENAI_BASE_URL") is var url && (key ?? url) is not null
            ? new ProviderOptions { Name = "openai", Type = ProviderType.OpenAi, ApiKey = key, BaseUrl = url } : null;

    private ProviderOptions? Anthropic() =>
        Get("ANTHROPIC_API_KEY") is { } key ? new ProviderOptions { Name = "anthropic", Type = ProviderType.Anthropic, ApiKey = key, BaseUrl = Get("ANTHROPIC_BASE_URL") } : null;

    private ProviderOptions? Gemini() =>
        Get("GEMINI_API_KEY", "GOOGLE_API_KEY") is { } key
            ? new ProviderOptions { Name = "gemini", Type = ProviderType.Gemini, ApiKey = key, BaseUrl = Get("GOOGLE_GEMINI_BASE_URL") } : null;

    private ProviderOptions? Azure()
    {
        if (Get("AZURE_OPENAI_ENDPOINT") is not { } endpoint || Get("AZURE_OPENAI_API_KEY") is not { } key) { return null; }
        var deployment = Get("AZURE_OPENAI_DEPLOYMENT", "AZURE_OPENAI_DEPLOYMENT_NAME");
        return new ProviderOptions
        {
            Name = "azure",
            Type = ProviderType.AzureOpenAi,
            ApiKey = key,
            BaseUrl = endpoint.TrimEnd('/'),
            AzureDeployment = deployment,
            AzureApiVersion = deployment is null ? null : Get("AZURE_OPENAI_API_VERSION", "OPENAI_API_VERSION") ?? "2024-10-21",
        };
    }

    private ProviderOptions? Ollama() =>
        Get("OLLAMA_HOST") is { } host ? new ProviderOptions { Name = "ollama", Type = ProviderType.Ollama, BaseUrl = OllamaUrl(host) } : null;

    // The variable also tells Ollama's server where to listen, so it may say `0.0.0.0`, `:11434` or a bare host.
    internal static string OllamaUrl(string host)
    {
        var scheme = host.Contains("://", StringComparison.Ordinal) ? "" : "http://";
        var text = scheme + (host.StartsWith(':') ? "127.0.0.1" + host : host);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) { return host; }
        var builder = new UriBuilder(url) { Host = url.Host is "0.0.0.0" or "[::]" ? "127.0.0.1" : url.Host };
        if (scheme.Length > 0 && url.IsDefaultPort) { builder.Port = 11434; }
        return builder.Uri.ToString().TrimEnd('/');
    }

    private IEnumerable<(string Variable, ConfigProblem Problem)> HalfSet()
    {
        var (endpoint, key) = (Get("AZURE_OPENAI_ENDPOINT"), Get("AZURE_OPENAI_API_KEY"));
        if (endpoint is null == key is null) { yield break; }
        var (has, lacks) = endpoint is null ? ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT") : ("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY");
        yield return (has, new("", $"is set and {lacks} is not, so there is no Azure provider.", $"Set {lacks} too.", IsWarning: true));
    }
}
