namespace Infermux.Cluster.Network;

/// <summary>How a fault ends a connection.</summary>
internal enum ProxyEnd
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Both sides see an orderly end.</summary>
    Close,

    /// <summary>Whom the direction leads to sees an orderly end; the other direction goes on.</summary>
    HalfClose,

    /// <summary>Both sides see a reset.</summary>
    Reset,
}
