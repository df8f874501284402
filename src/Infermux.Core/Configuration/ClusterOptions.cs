using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>cluster</c>.</summary>
public sealed record ClusterOptions
{
    /// <summary>Default <c>embedded</c>.</summary>
    public StoreKind Store { get; init; } = StoreKind.Embedded;

    /// <summary>Connection string of StackExchange.Redis; required by <see cref="StoreKind.Redis"/>.</summary>
    [SecretKey]
    public string? Redis { get; init; }

    /// <summary>Embedded store and gateway journal; locked by one process. Default <c>./data</c>.</summary>
    public string DataDir { get; init; } = "./data";

    /// <summary>Orleans cluster identity. Default <c>infermux</c>.</summary>
    public string ClusterId { get; init; } = "infermux";

    /// <summary>Orleans service identity: names the data. Default <c>infermux</c>.</summary>
    public string ServiceId { get; init; } = "infermux";

    /// <summary>
    /// Which ledger the store must hold, as <c>infermux state epoch</c> shows it; another one, or none, and hard budgets are refused until <c>infermux state adopt</c>.
    /// Unset: the one that the processes have seen before.
    /// </summary>
    public string? LedgerEpoch { get; init; }

    /// <summary>Silo-to-silo port. Unset: 11111 with <c>redis</c>, else a free loopback port.</summary>
    [Between("1", "65535")]
    public int? SiloPort { get; init; }

    /// <summary>Gateway-to-silo port. Unset: 30000 with <c>redis</c>, else none.</summary>
    [Between("1", "65535")]
    public int? GatewayPort { get; init; }

    /// <summary>Address other members reach this process at. Unset: the pod's or host's with <c>redis</c>, else loopback.</summary>
    public string? AdvertisedIp { get; init; }
}
