namespace Infermux.Core.Configuration;

/// <summary>Values of <c>cluster.store</c>.</summary>
public enum StoreKind
{
    /// <summary>A Redis-compatible store inside this process, durable under <c>data_dir</c>.</summary>
    Embedded,

    /// <summary>Redis 6+ or Valkey.</summary>
    Redis,

    /// <summary>Nothing survives the process.</summary>
    Memory,
}
