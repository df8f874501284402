using Infermux.Core.Configuration;
using Infermux.Providers.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Gateway.Tests.Support;

/// <summary>The real transport, with a test between it and the gateway.</summary>
internal sealed class HookedTransport(
    IUpstreamTransport real, Func<IUpstreamTransport, ProviderOptions, HttpRequestMessage, CancellationToken, ValueTask<HttpResponseMessage>> send) : IUpstreamTransport
{
    public ValueTask<HttpResponseMessage> SendAsync(ProviderOptions provider, HttpRequestMessage request, CancellationToken cancellationToken) =>
        send(real, provider, request, cancellationToken);

    /// <summary>Puts <paramref name="send"/> before the gateway's transport.</summary>
    public static void Put(
        IServiceCollection services, Func<IUpstreamTransport, ProviderOptions, HttpRequestMessage, CancellationToken, ValueTask<HttpResponseMessage>> send)
    {
        var real = services.Last(service => service.ServiceType == typeof(IUpstreamTransport)).ImplementationFactory!;
        services.AddSingleton<IUpstreamTransport>(provider => new HookedTransport((IUpstreamTransport)real(provider), send));
    }

    /// <summary>Sends whatever goes to a vendor's host to a local port instead.</summary>
    public static void Redirect(IServiceCollection services, int port) => Put(services, (real, provider, request, cancellationToken) =>
    {
        request.RequestUri = new UriBuilder(request.RequestUri!) { Scheme = "http", Host = "127.0.0.1", Port = port }.Uri;
        return real.SendAsync(provider, request, cancellationToken);
    });
}
