namespace Infermux.Providers.Transport;

/// <summary>What reaching an address may mean.</summary>
internal enum AddressKind
{
    /// <summary>On the internet.</summary>
    Public,

    /// <summary>This machine or a private network.</summary>
    Private,

    /// <summary>Link-local and cloud metadata: nobody's provider, but a way to credentials.</summary>
    LinkLocal,

    /// <summary>No single host: unspecified, multicast, reserved.</summary>
    NoHost,
}
