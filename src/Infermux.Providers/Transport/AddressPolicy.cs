using System.Net;
using System.Net.Sockets;
using Infermux.Core.Configuration;

namespace Infermux.Providers.Transport;

/// <summary>
/// Checks the address that a provider's name resolves to at the moment of connecting, so that a name that is rebound cannot lead inside: link-local
/// (cloud metadata) is refused unless <c>allow_private: true</c>; with <c>false</c> everything that is not public is refused.
/// </summary>
internal sealed class AddressPolicy(ProviderOptions provider)
{
    /// <summary>Resolves, filters, connects.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        // The proxy of the environment was chosen by the operator, and behind it we see no address.
        var allowed = UpstreamProxy.Instance.IsProxyOf(context.InitialRequestMessage.RequestUri, context.DnsEndPoint)
            ? addresses
            : Array.FindAll(addresses, Allows);
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                $"'{context.DnsEndPoint.Host}' has no address that allow_private permits. Set allow_private: true for provider '{provider.Name}' if that is meant.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true); // notices a dead peer of a silent stream
            DeadPath.GiveUpAfter(socket, provider.ConnectTimeout);
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether the provider may be reached at this address.</summary>
    public bool Allows(IPAddress address) => provider.AllowPrivate switch
    {
        true => true,
        false => AddressKinds.Of(address) == AddressKind.Public,
        null => AddressKinds.Of(address) is AddressKind.Public or AddressKind.Private,
    };
}
