using Infermux.Core.Configuration;

namespace Infermux.Providers.Transport;

/// <summary>Sends to providers: one connection pool each, no redirects, no cookies, no retries of its own.</summary>
public interface IUpstreamTransport
{
    /// <summary>
    /// Sends and returns as soon as the response head is there. Throws <see cref="HttpRequestException"/> for network faults; cancellation aborts the upstream
    /// connection at once.
    /// </summary>
    /// <exception cref="CredentialUnavailableException">The request could not be given its credential; nothing was sent.</exception>
    ValueTask<HttpResponseMessage> SendAsync(ProviderOptions provider, HttpRequestMessage request, CancellationToken cancellationToken);
}
