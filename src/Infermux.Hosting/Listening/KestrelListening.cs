using System.Net;
using Infermux.Core.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Infermux.Hosting.Listening;

/// <summary>Opens listeners at addresses as the file writes them.</summary>
public static class KestrelListening
{
    /// <summary>Listens at <c>host:port</c>, or with <c>:port</c> on every interface.</summary>
    /// <exception cref="ArgumentException">The address cannot be read; <c>validate</c> refuses such a file.</exception>
    public static void ListenAt(this KestrelServerOptions kestrel, string address, Action<ListenOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        var parsed = ListenAddress.Read(address)
            ?? throw new ArgumentException($"'{address}' is no listen address; validate refuses such a file.", nameof(address));
        if (parsed.IsAny)
        {
            kestrel.ListenAnyIP(parsed.Port, configure);
        }
        else if (IPAddress.TryParse(parsed.Host, out var ip))
        {
            kestrel.Listen(ip, parsed.Port, configure);
        }
        else
        {
            kestrel.ListenLocalhost(parsed.Port, configure);
        }
    }
}
