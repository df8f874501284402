using System.Net;

namespace Infermux.Providers.Transport;

/// <summary>The proxy of the environment (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>NO_PROXY</c>), never for this machine itself: a local model is not behind it.</summary>
internal sealed class UpstreamProxy : IWebProxy
{
    private UpstreamProxy()
    {
    }

    public static UpstreamProxy Instance { get; } = new();

    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => throw new NotSupportedException("The environment decides.");
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : HttpClient.DefaultProxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || HttpClient.DefaultProxy.IsBypassed(host);

    /// <summary>Whether this connection goes to the proxy of a request and not to its host.</summary>
    public bool IsProxyOf(Uri? request, DnsEndPoint connecting) =>
        request is not null && GetProxy(request) is { } proxy && proxy.Port == connecting.Port
        && string.Equals(proxy.IdnHost, connecting.Host, StringComparison.OrdinalIgnoreCase);
}
