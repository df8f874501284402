using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>
/// The whole of <c>infermux.yml</c>, checked and frozen. Property names are the keys in snake case; defaults are the ones a file gets that
/// leaves the key out. Nothing here reads files, environment or clocks: the loader in Infermux.Hosting does.
/// </summary>
public sealed record InfermuxOptions
{
    /// <summary>Inference listener, <c>host:port</c> or <c>:port</c>. Default <c>:8080</c> with a file, <c>127.0.0.1:8080</c> without one.</summary>
    public string Listen { get; init; } = ":8080";

    /// <summary>Separate listener for <c>/_infermux/*</c>. Unset: management is served on <see cref="Listen"/>.</summary>
    public string? ManagementListen { get; init; }

    /// <summary>Logging.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>Certificate of the inference listener; unset serves plain HTTP.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>How inference callers are authenticated.</summary>
    public AuthOptions Auth { get; init; } = new();

    /// <summary>Where state lives, and this process's place in the cluster.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>The upstreams, in declaration order, which <c>priority</c> follows. At least one.</summary>
    [RequiredKey]
    public IReadOnlyList<ProviderOptions> Providers { get; init; } = [];

    /// <summary>Circuit settings for every provider; a provider's own block overrides them key by key.</summary>
    public CircuitOptions CircuitBreaker { get; init; } = new();

    /// <summary>Strategies, groups, failover.</summary>
    public RoutingOptions Routing { get; init; } = new();

    /// <summary>Price overrides and what to do about models without a price.</summary>
    public PricingOptions Pricing { get; init; } = new();

    /// <summary>Per-caller limits.</summary>
    public BudgetsOptions Budgets { get; init; } = new();

    /// <summary>Inbound limits.</summary>
    public LimitsOptions Limits { get; init; } = new();

    /// <summary>Heartbeats of streams.</summary>
    public StreamOptions Stream { get; init; } = new();

    /// <summary>Draining.</summary>
    public ShutdownOptions Shutdown { get; init; } = new();
}
