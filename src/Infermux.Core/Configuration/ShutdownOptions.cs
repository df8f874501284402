using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>shutdown</c>.</summary>
public sealed record ShutdownOptions
{
    /// <summary>How long streams may run out after SIGTERM. Default 15s (<c>--graceful-shutdown</c>).</summary>
    [Between("0s", "24h")]
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long new requests are still served after SIGTERM, so that a balancer finds out first; <see cref="Drain"/> begins after it. Longer than it takes a
    /// balancer to act on <c>/readyz</c>. Unset: 3s with <c>redis</c>, else none, since no other process could take over.
    /// </summary>
    [Between("0s", "10m")]
    public TimeSpan? Linger { get; init; }

    /// <summary><see cref="Linger"/>, or what it is unset.</summary>
    public TimeSpan LingerWith(StoreKind store) => Linger ?? (store == StoreKind.Redis ? TimeSpan.FromSeconds(3) : TimeSpan.Zero);
}
