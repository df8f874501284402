using Infermux.Core.Configuration;

namespace Infermux.Providers.Transport;

/// <summary>The headers that every request to a provider carries, whatever its dialect.</summary>
internal static class RequestHeaders
{
    /// <summary>Adds our name, our id of the request, and the operator's own headers, which win: so the credential goes in before.</summary>
    /// <param name="message">The request.</param>
    /// <param name="provider">Where it goes.</param>
    /// <param name="requestId">Our id, sent as <c>X-Request-Id</c>; null: none.</param>
    public static void Complete(HttpRequestMessage message, ProviderOptions provider, string? requestId)
    {
        message.Headers.TryAddWithoutValidation("User-Agent", "infermux");
        if (requestId is not null)
        {
            message.Headers.TryAddWithoutValidation("X-Request-Id", requestId);
        }

        if (provider.Headers.Count == 0)
        {
            return;
        }

        foreach (var (name, value) in provider.Headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
