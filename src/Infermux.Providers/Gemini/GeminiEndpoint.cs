using Infermux.Core.Configuration;
using Infermux.Core.Routing;

namespace Infermux.Providers.Gemini;

/// <summary>
/// Addresses and the credential. A base URL may end with an API version; without one it is <c>v1beta</c>, which has every field that is sent.
/// </summary>
internal static class GeminiEndpoint
{
    private const string Version = "v1beta";
    private const string Compatible = "/openai";

    /// <summary>The address of a model's method.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="model">The model, with or without the collection it is in, such as <c>models/</c> or <c>tunedModels/</c>.</param>
    /// <param name="method">Such as <c>generateContent</c>, with its query.</param>
    public static Uri MethodOf(ProviderOptions provider, string model, string method) => new($"{Root(provider)}/{Path(model)}:{method}");

    /// <summary>The address of the listing, which fits on one page.</summary>
    public static Uri ListingOf(ProviderOptions provider) => new($"{Root(provider)}/models?pageSize=1000");

    /// <summary>A model's resource name.</summary>
    public static string ResourceOf(string model) => model.Contains('/', StringComparison.Ordinal) ? model : $"models/{model}";

    /// <summary>A key has its own header, so that no log of addresses shows it; a token of Google's OAuth is a bearer.</summary>
    public static void Authorize(HttpRequestMessage request, string credential)
    {
        var isToken = credential.StartsWith("ya29.", StringComparison.Ordinal);
        request.Headers.TryAddWithoutValidation(isToken ? "Authorization" : "x-goog-api-key", isToken ? $"Bearer {credential}" : credential);
    }

    private static string Path(string model)
    {
        var steps = ResourceOf(model).Split('/');
        return Array.Exists(steps, static step => step is "" or "." or "..")
            ? throw new RequestRefusedException(
                $"'{model}' is no name of a Gemini model; use one such as gemini-2.5-flash or models/gemini-2.5-flash.", "model")
            : string.Join('/', steps.Select(Uri.EscapeDataString));
    }

    /// <summary>The base URL with its version, without the compatible endpoint's path.</summary>
    internal static string Root(ProviderOptions provider)
    {
        var root = ProviderEndpoint.BaseUrl(provider);
        if (root.EndsWith(Compatible, StringComparison.OrdinalIgnoreCase))
        {
            root = root[..^Compatible.Length]; // the address of the compatible endpoint, kept from a file of type openai
        }

        var last = root[(root.LastIndexOf('/') + 1)..];
        return last is ['v' or 'V', >= '0' and <= '9', ..] ? root : $"{root}/{Version}";
    }
}
