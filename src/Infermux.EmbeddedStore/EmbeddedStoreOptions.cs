using Microsoft.Extensions.Logging;

namespace Infermux.EmbeddedStore;

/// <summary>Where the store inside this process keeps its files, and who hears its warnings.</summary>
public sealed record EmbeddedStoreOptions
{
    /// <summary><c>cluster.data_dir</c>: made if missing, and used by one process at a time.</summary>
    public required string DataDir { get; init; }

    /// <summary>Hears the store's warnings and errors, under the category <c>Infermux.EmbeddedStore</c>. Null: nobody does.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
