namespace Infermux.Cluster.Network;

/// <summary>Seen from who opened the connection.</summary>
internal enum ProxyDirection
{
    /// <summary>Both ways.</summary>
    Both,

    /// <summary>What the client sends.</summary>
    ToServer,

    /// <summary>What the server answers.</summary>
    ToClient,
}
