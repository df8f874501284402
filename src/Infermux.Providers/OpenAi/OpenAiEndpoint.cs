using System.Runtime.CompilerServices;
using Infermux.Core.Configuration;

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
