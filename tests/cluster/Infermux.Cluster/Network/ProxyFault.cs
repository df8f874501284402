namespace Infermux.Cluster.Network;

/// <summary>What a <see cref="FaultProxy"/> does to what passes. Immutable; a change is in force for open connections too.</summary>
internal sealed record ProxyFault
{
    /// <summary>Passes everything as it comes.</summary>
    public static ProxyFault None { get; } = new();

    /// <summary>Passes nothing and says nothing: connections stay open and silent, as behind a dead cable.</summary>
    public static ProxyFault Blackhole { get; } = new() { Stalled = true };

    /// <summary>Resets every connection, open or new.</summary>
    public static ProxyFault Reset { get; } = new() { End = ProxyEnd.Reset };

    /// <summary>Which direction suffers. Default both.</summary>
    public ProxyDirection Direction { get; init; } = ProxyDirection.Both;

    /// <summary>Added to the way of every byte. Default none.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The most that passes in a second, in each direction. Null: no bound.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>Holds everything back until the fault changes. Default false.</summary>
    public bool Stalled { get; init; }

    /// <summary>How connections end. Default not at all.</summary>
    public ProxyEnd End { get; init; }

    /// <summary>Bytes of one direction that pass, counted from when this fault came into force or the connection began, before <see cref="End"/>. Default 0.</summary>
    public long EndAfter { get; init; }

    /// <summary>Whether it concerns one direction.</summary>
    public bool Concerns(ProxyDirection direction) => Direction == ProxyDirection.Both || Direction == direction;
}
