using System.Runtime.CompilerServices;
using Infermux.Core.Configuration;
using Infermux.Providers.Transport;

namespace Infermux.Providers.OpenAi;

/// <summary>Where a provider of OpenAI's dialect is reached and how it is told who asks; the bodies are the same everywhere.</summary>
internal abstract class OpenAiEndpoint
{
    private readonly ConditionalWeakTable<ProviderOptions, Addresses> _cache = [];

    /// <summary>Whether a health check says something only with a key.</summary>
    public virtual bool CheckNeedsKey => true;

    /// <summary>The address of an operation. Built once for each version of a provider's options.</summary>
    public Uri AddressOf(ProviderOptions provider, Operation operation)
    {
        var known = _cache.GetValue(provider, _ => new Addresses());
        return known.ByOperation[(int)operation] ??= Build(provider, operation switch
        {
            Operation.ChatCompletions => "/chat/completions",
            Operation.Completions => "/completions",
            Operation.Embeddings => "/embeddings",
            Operation.Responses => "/responses",
            Operation.ImageGenerations => "/images/generations",
            Operation.ImageEdits => "/images/edits",
            Operation.ImageVariations => "/images/variations",
            Operation.Speech => "/audio/speech",
            Operation.Transcriptions => "/audio/transcriptions",
            Operation.Translations => "/audio/translations",
            Operation.Moderations => "/moderations",
            Operation.Rerank => "/rerank",
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "An operation this dialect has no path for."),
        });
    }

    /// <summary>The address of the free model listing.</summary>
    public abstract Uri ListingOf(ProviderOptions provider);

    /// <summary>Adds the credential's header.</summary>
    public virtual void Authorize(HttpRequestMessage request, string credential) =>
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + credential);

    /// <summary>Name of the output cap to send where the caller gave none.</summary>
    public virtual string CapKey(ProviderOptions provider, Operation operation) => "max_tokens";

    /// <summary>Whether the body names the model; false where the address does.</summary>
    public virtual bool NamesModel(ProviderOptions provider) => true;

    /// <summary>The model name in a Responses body; the deployment's where that is not the path's matter.</summary>
    public virtual string ResponsesModel(ProviderOptions provider, string model) => model;

    /// <summary>A request with its credential, our name and the operator's own headers, which win.</summary>
    public HttpRequestMessage Post(InferenceRequest request, AttemptTarget target, Operation operation, HttpContent content)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, AddressOf(target.Provider, operation)) { Content = content };
        message.Headers.TryAddWithoutValidation("Accept", request.Facts.Stream ? "text/event-stream" : "application/json");
        AddCommonHeaders(message, target.Provider, target.Credential, target.RequestId);
        return message;
    }

    /// <summary>The credential, our name, our id of the request where it has one, and the operator's own headers, which win.</summary>
    public void AddCommonHeaders(HttpRequestMessage message, ProviderOptions provider, string? credential, string? requestId = null)
    {
        if (!string.IsNullOrEmpty(credential))
        {
            Authorize(message, credential);
        }

        RequestHeaders.Complete(message, provider, requestId);
    }

    /// <summary>The address of one path of the API.</summary>
    protected abstract Uri Build(ProviderOptions provider, string path);

    /// <summary>Appends a path to a base URL, whose query is kept.</summary>
    protected static Uri Append(string baseUrl, string path, string? query = null)
    {
        var uri = new UriBuilder(baseUrl);
        uri.Path = uri.Path.TrimEnd('/') + path;
        uri.Query = query ?? uri.Query;
        uri.Fragment = "";
        return uri.Uri;
    }

    private sealed class Addresses
    {
        public Uri?[] ByOperation { get; } = new Uri?[Enum.GetValues<Operation>().Length];
    }
}
