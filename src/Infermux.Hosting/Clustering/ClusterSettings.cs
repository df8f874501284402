using Infermux.Core.Configuration;

namespace Infermux.Hosting.Clustering;

/// <summary>Where this silo's state lives and who its neighbours are.</summary>
/// <param name="Options">The file's <c>cluster</c> block.</param>
/// <param name="StoreConnection">Connection string of the embedded or the named Redis store; null with <c>memory</c>.</param>
public sealed record ClusterSettings(ClusterOptions Options, string? StoreConnection)
{
    /// <summary>Settings of a process; <paramref name="embeddedStore"/> is the connection string of the store it hosts, with <c>embedded</c>.</summary>
    public static ClusterSettings From(ClusterOptions options, string? embeddedStore)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(options, options.Store switch
        {
            StoreKind.Embedded => embeddedStore
                ?? throw new ArgumentException("cluster.store is embedded and no store was started. Start EmbeddedStoreServer first.", nameof(embeddedStore)),
            StoreKind.Redis => options.Redis
                ?? throw new ArgumentException("cluster.store is redis and cluster.redis is not set.", nameof(options)),
            StoreKind.Memory => null,
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Store, "A store without settings."),
        });
    }

    /// <summary>Whether other processes may share this cluster.</summary>
    public bool IsShared => Options.Store == StoreKind.Redis;
}
