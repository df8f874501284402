namespace Infermux.Cluster.Topology;

/// <summary>What a cluster is made of.</summary>
internal sealed record ClusterPlan
{
    /// <summary>Its processes. Default three all-in-one.</summary>
    public IReadOnlyList<NodeKind> Nodes { get; init; } = [NodeKind.AllInOne, NodeKind.AllInOne, NodeKind.AllInOne];

    /// <summary>So many silos, and gateways beside them.</summary>
    public static IReadOnlyList<NodeKind> Split(int silos, int gateways) =>
        [.. Enumerable.Repeat(NodeKind.Silo, silos), .. Enumerable.Repeat(NodeKind.Gateway, gateways)];

    /// <summary>Its providers, in the order of the file. Default one named <c>primary</c>.</summary>
    public IReadOnlyList<string> Providers { get; init; } = ["primary"];

    /// <summary>The models that have a price, the same at every provider.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["gpt-4o-mini"];

    /// <summary>Price of a prompt token and of a completion token, USD per million.</summary>
    public (decimal Input, decimal Output) Price { get; init; } = (10m, 30m);

    /// <summary>Further lines of the file: <c>routing</c>, <c>budgets</c>, <c>circuit_breaker</c>.</summary>
    public string More { get; init; } = "";

    /// <summary>Puts a <see cref="Network.FaultProxy"/> between the processes and the store.</summary>
    public bool StoreBehindProxy { get; init; }

    /// <summary>Puts one before each provider.</summary>
    public bool ProvidersBehindProxies { get; init; }

    /// <summary>Whether the balancer asks each that serves four times a second if it is ready. Where what they cost is measured, it would be measured too.</summary>
    public bool BalancerProbes { get; init; } = true;

    /// <summary>
    /// So far ahead of the machine's clock are those of the store and of every process, whole seconds. For plans with one silo: Orleans' own clock stays in part,
    /// and of two silos one is taken for long dead.
    /// </summary>
    public TimeSpan ClockAhead { get; init; }
}
