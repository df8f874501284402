using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>limits</c>: what one inbound request, and all of them together, may take.</summary>
public sealed record LimitsOptions
{
    /// <summary>Bytes of one request body. Default 32 MiB.</summary>
    [ByteSizeKey, Between("1KiB", "2GiB")]
    public long MaxBody { get; init; } = 32L << 20;

    /// <summary>Bytes of all bodies in flight. Null: a quarter of the process's memory limit.</summary>
    [ByteSizeKey, Between("1KiB")]
    public long? MaxBodyMemory { get; init; }

    /// <summary>Bytes of request headers. Default 32 KiB.</summary>
    [ByteSizeKey, Between("1KiB", "16MiB")]
    public int MaxHeaderBytes { get; init; } = 32 << 10;

    /// <summary>Nesting of a JSON body. Default 64.</summary>
    [Between("4", "1000")]
    public int MaxJsonDepth { get; init; } = 64;
}
