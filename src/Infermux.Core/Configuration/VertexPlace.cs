namespace Infermux.Core.Configuration;

/// <summary>
/// Where a provider is called on Google's Vertex AI. It is there when <c>vertex_project</c> is set or <c>base_url</c> names one of Vertex's hosts; without a
/// project, with an API key, that is Vertex's express mode.
/// </summary>
public static class VertexPlace
{
    /// <summary>The location where none is set: requests go wherever there is room.</summary>
    public const string Global = "global";

    private const string Host = "aiplatform.googleapis.com";

    /// <summary>Whether a provider is on Vertex AI.</summary>
    public static bool Is(ProviderOptions provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider.Type == ProviderType.Gemini && (provider.VertexProject is { Length: > 0 } || HasHost(provider.BaseUrl));
    }

    /// <summary>Whether a provider there is called with a token that Infermux fetches: it has no key of its own.</summary>
    public static bool NeedsToken(ProviderOptions provider) => string.IsNullOrEmpty(provider?.ApiKey) && Is(provider!);

    /// <summary><c>vertex_location</c>, else <see cref="Global"/>.</summary>
    public static string Location(ProviderOptions provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return string.IsNullOrEmpty(provider.VertexLocation) ? Global : provider.VertexLocation;
    }

    /// <summary><c>base_url</c> without a trailing slash, else the host of the location, which for the locations <c>us</c> and <c>eu</c> is another one.</summary>
    public static string Url(ProviderOptions provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return !string.IsNullOrEmpty(provider.BaseUrl) ? provider.BaseUrl.TrimEnd('/') : Location(provider) switch
        {
            Global => $"https://{Host}",
            "us" or "eu" => $"https://aiplatform.{Location(provider)}.rep.googleapis.com",
            var region => $"https://{region}-{Host}",
        };
    }

    /// <summary>The collection that everything of a provider lies in, with a slash after it: empty in express mode, which has no project.</summary>
    public static string Parent(ProviderOptions provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return string.IsNullOrEmpty(provider.VertexProject)
            ? ""
            : $"projects/{Uri.EscapeDataString(provider.VertexProject)}/locations/{Uri.EscapeDataString(Location(provider))}/";
    }

    // aiplatform.googleapis.com, us-central1-aiplatform.googleapis.com, aiplatform.eu.rep.googleapis.com
    private static bool HasHost(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Host.EndsWith(Host, StringComparison.OrdinalIgnoreCase)
            || (address.Host.StartsWith("aiplatform.", StringComparison.OrdinalIgnoreCase)
                && address.Host.EndsWith(".rep.googleapis.com", StringComparison.OrdinalIgnoreCase)));
}
