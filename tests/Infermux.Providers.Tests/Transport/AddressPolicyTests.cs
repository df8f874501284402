using System.Net;
using Infermux.Core.Configuration;
using Infermux.Providers.Transport;
using Xunit;

namespace Infermux.Providers.Tests.Transport;

public sealed class AddressPolicyTests
{
    [Theory]
    [InlineData("93.184.216.34", nameof(AddressKind.Public))]
    [InlineData("2606:4700::1111", nameof(AddressKind.Public))]
    [InlineData("127.0.0.1", nameof(AddressKind.Private))]
    [InlineData("127.9.9.9", nameof(AddressKind.Private))]
    [InlineData("10.1.2.3", nameof(AddressKind.Private))]
    [InlineData("172.16.0.1", nameof(AddressKind.Private))]
    [InlineData("172.31.255.255", nameof(AddressKind.Private))]
    [InlineData("172.32.0.1", nameof(AddressKind.Public))]
    [InlineData("192.168.1.1", nameof(AddressKind.Private))]
    [InlineData("100.64.0.1", nameof(AddressKind.Private))]
    [InlineData("::1", nameof(AddressKind.Private))]
    [InlineData("fd12::1", nameof(AddressKind.Private))]
    [InlineData("::ffff:10.0.0.1", nameof(AddressKind.Private))]
    [InlineData("64:ff9b::a00:1", nameof(AddressKind.Private))]
    [InlineData("2002:a00:1::", nameof(AddressKind.Private))]
    [InlineData("169.254.169.254", nameof(AddressKind.LinkLocal))]
    [InlineData("::ffff:169.254.169.254", nameof(AddressKind.LinkLocal))]
    [InlineData("64:ff9b::a9fe:a9fe", nameof(AddressKind.LinkLocal))]
    [InlineData("fe80::1", nameof(AddressKind.LinkLocal))]
    [InlineData("fd00:ec2::254", nameof(AddressKind.LinkLocal))]
    [InlineData("100.100.100.200", nameof(AddressKind.LinkLocal))]
    [InlineData("168.63.129.16", nameof(AddressKind.LinkLocal))]
    [InlineData("0.0.0.0", nameof(AddressKind.NoHost))]
    [InlineData("224.0.0.1", nameof(AddressKind.NoHost))]
    [InlineData("255.255.255.255", nameof(AddressKind.NoHost))]
    [InlineData("::", nameof(AddressKind.NoHost))]
    [InlineData("ff02::1", nameof(AddressKind.NoHost))]
    public void Address_IsOfItsKind_AndAllowedAccordingly(string text, string kind)
    {
        var address = IPAddress.Parse(text);
        var read = AddressKinds.Of(address);
        Assert.Equal(kind, read.ToString());
        Assert.True(new AddressPolicy(new ProviderOptions { AllowPrivate = true }).Allows(address));
        Assert.Equal(read == AddressKind.Public, new AddressPolicy(new ProviderOptions { AllowPrivate = false }).Allows(address));
        Assert.Equal(read is AddressKind.Public or AddressKind.Private, new AddressPolicy(new ProviderOptions()).Allows(address));
    }
}
