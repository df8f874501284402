using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Values of <c>routing.strategy</c>: how one of the eligible providers is picked.</summary>
[NotBuilt("adaptive", "Use 'least_latency', the nearest one that is built.")]
public enum RoutingStrategy
{
    /// <summary>Even rotation.</summary>
    RoundRobin,

    /// <summary>Lowest EWMA of the time to first content.</summary>
    LeastLatency,

    /// <summary>Lowest expected cost.</summary>
    CostWeighted,

    /// <summary>Uniform.</summary>
    Random,

    /// <summary>First eligible in declaration order.</summary>
    Priority,
}
