using System.Globalization;
using System.Net;

namespace Infermux.Core.Configuration;

/// <summary>A listener of the file: <c>host:port</c>, <c>[::1]:port</c> or <c>:port</c> for every interface.</summary>
/// <param name="Host">Name or address; empty: every interface.</param>
/// <param name="Port">0 to 65535; 0 lets the system choose.</param>
public sealed record ListenAddress(string Host, int Port)
{
    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback =>
        string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether it takes every interface.</summary>
    public bool IsAny => Host.Length == 0 || Host is "*" or "+" || (IPAddress.TryParse(Host, out var a) && (a.Equals(IPAddress.Any) || a.Equals(IPAddress.IPv6Any)));

    /// <summary>Reads an address; null where the text is none.</summary>
    public static ListenAddress? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535) { return null; }
        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']')) { host = host[1..^1]; }
        else if (host.Contains(':', StringComparison.Ordinal)) { return null; }
        return host.Any(c => char.IsWhiteSpace(c) || c is '/' or '@') ? null : new(host, port);
    }
}
