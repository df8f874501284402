namespace Infermux.Hosting.Clustering.Neighbours;

/// <summary>What a connection to a silo's port says of its process.</summary>
internal enum NeighbourAnswer
{
    /// <summary>Somebody listens. Frozen processes do, too: their system accepts for them.</summary>
    Listens,

    /// <summary>The machine answers and nobody listens at that port any more: the process is gone.</summary>
    Refuses,

    /// <summary>Nothing in time: frozen machine, partition or load. It says nothing.</summary>
    Silent,
}
