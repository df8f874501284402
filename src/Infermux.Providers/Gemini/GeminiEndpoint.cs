using Infermux.Core.Configuration;
using Infermux.Core.Routing;

namespace Infermux.Providers.Gemini;

/// <summary>
/// Addresses and the credential, of the Gemini API and of Vertex AI. A base URL may end with an API version; without one it is <c>v1beta</c>, on Vertex
/// <c>v1beta1</c>, which have every field that is sent.
/// </summary>
internal static class GeminiEndpoint
{
    private const string Version = "v1beta";
    private const string VertexVersion = "v1beta1";
    private const string Compatible = "/openai";
    private const string Collection = "models/";

    /// <summary>The address of a model's method.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="model">
    /// The model, with or without the collection it is in, such as <c>models/</c> or <c>tunedModels/</c>; on Vertex <c>publishers/…</c>, <c>endpoints/…</c>, or
    /// the publisher alone before it.
    /// </param>
    /// <param name="method">Such as <c>generateContent</c>, with its query.</param>
    public static Uri MethodOf(ProviderOptions provider, string model, string method) => VertexPlace.Is(provider)
        ? new($"{Root(provider, VertexVersion)}/{VertexPlace.Parent(provider)}{Path(model, VertexResourceOf(model))}:{method}")
        : new($"{Root(provider, Version)}/{Path(model, ResourceOf(model))}:{method}");

    /// <summary>The address under which the Gemini API speaks OpenAI's shape.</summary>
    public static string CompatibleOf(ProviderOptions provider) => Root(provider, Version) + Compatible;

    /// <summary>The address of the Gemini API's listing, which fits on one page.</summary>
    public static Uri ListingOf(ProviderOptions provider) => new($"{Root(provider, Version)}/models?pageSize=1000");

    /// <summary>A model's resource name.</summary>
    public static string ResourceOf(string model) => model.Contains('/', StringComparison.Ordinal) ? model : Collection + model;

    /// <summary>A key has its own header, so that no log of addresses shows it; a token of Google's OAuth is a bearer.</summary>
    public static void Authorize(HttpRequestMessage request, string credential)
    {
        var isToken = credential.StartsWith("ya29.", StringComparison.Ordinal);
        request.Headers.TryAddWithoutValidation(isToken ? "Authorization" : "x-goog-api-key", isToken ? $"Bearer {credential}" : credential);
    }

    // models/… is the name that the Gemini API's listing gives, kept from a file made for it.
    private static string VertexResourceOf(string model) => model.Split('/') switch
    {
        ["publishers" or "endpoints", ..] => model,
        ["models", var name] => "publishers/google/models/" + name,
        [var publisher, var name] => $"publishers/{publisher}/models/{name}",
        _ => "publishers/google/models/" + model,
    };

    private static string Path(string model, string resource)
    {
        var steps = resource.Split('/');
        return Array.Exists(steps, static step => step is "" or "." or "..")
            ? throw new RequestRefusedException(
                $"'{model}' is no name of a Gemini model; use one such as gemini-2.5-flash or models/gemini-2.5-flash.", "model")
            : string.Join('/', steps.Select(static step => Uri.EscapeDataString(step).Replace("%40", "@", StringComparison.Ordinal)));
    }

    private static string Root(ProviderOptions provider, string version)
    {
        var root = ProviderEndpoint.BaseUrl(provider);
        if (root.EndsWith(Compatible, StringComparison.OrdinalIgnoreCase))
        {
            root = root[..^Compatible.Length]; // the address of the compatible endpoint, kept from a file of type openai
        }

        var last = root[(root.LastIndexOf('/') + 1)..];
        return last is ['v' or 'V', >= '0' and <= '9', ..] ? root : $"{root}/{version}";
    }
}
