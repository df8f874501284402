using System.Net;
using System.Net.Sockets;

namespace Infermux.Providers.Transport;

/// <summary>Sorts addresses by the special-purpose registries of IANA (RFC 6890).</summary>
internal static class AddressKinds
{
    private static readonly IPAddress AwsMetadata = IPAddress.Parse("fd00:ec2::254");

    /// <summary>The kind; an IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is judged itself.</summary>
    public static AddressKind Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return address.AddressFamily == AddressFamily.InterNetwork ? OfV4(bytes[..length]) : OfV6(address, bytes);
    }

    private static AddressKind OfV6(IPAddress address, ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, ..] or [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, ..] => OfV4(bytes[12..]),
        [0x20, 0x02, ..] => OfV4(bytes[2..6]),
        _ when address.Equals(AwsMetadata) || address.IsIPv6LinkLocal => AddressKind.LinkLocal,
        _ when address.Equals(IPAddress.IPv6Loopback) || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal => AddressKind.Private,
        [0, 0, 0, 0, 0, 0, 0, 0, ..] or [0xFF, ..] or [0x20, 0x01, 0x0D, 0xB8, ..] => AddressKind.NoHost,
        _ => AddressKind.Public,
    };

    private static AddressKind OfV4(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [169, 254, _, _] or [100, 100, 100, 200] or [168, 63, 129, 16] => AddressKind.LinkLocal, // the latter two: metadata of Alibaba and Azure
        [127, _, _, _] or [10, _, _, _] or [172, >= 16 and <= 31, _, _] or [192, 168, _, _] or [100, >= 64 and <= 127, _, _] => AddressKind.Private,
        [0, _, _, _] or [192, 0, 0 or 2, _] or [198, 18 or 19, _, _] or [198, 51, 100, _] or [203, 0, 113, _] or [>= 224, _, _, _] => AddressKind.NoHost,
        _ => AddressKind.Public,
    };
}
