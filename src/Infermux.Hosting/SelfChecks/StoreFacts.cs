namespace Infermux.Hosting.SelfChecks;

/// <summary>What a Redis store says of itself. Null: it did not say, as managed ones that refuse CONFIG do.</summary>
internal sealed record StoreFacts
{
    /// <summary>Whether it appends every write to a file.</summary>
    public bool? AppendOnly { get; init; }

    /// <summary>When that file is forced to disk: <c>always</c>, <c>everysec</c> or <c>no</c>.</summary>
    public string? AppendFsync { get; init; }

    /// <summary>Whether it saves snapshots.</summary>
    public bool? Snapshots { get; init; }

    /// <summary>Bytes at which it evicts or refuses; 0: no limit.</summary>
    public long? MaxMemory { get; init; }

    /// <summary>What it does at that limit, such as <c>noeviction</c>.</summary>
    public string? EvictionPolicy { get; init; }

    /// <summary>Whether it took the password of <c>cluster.redis</c>; null where that has none.</summary>
    public bool? TookPassword { get; init; }

    /// <summary>Whether it answers somebody who names no user and no password.</summary>
    public bool? OpenToAnyone { get; init; }
}
