using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration.Checks;

/// <summary>Circuit settings that contradict each other or the provider's timeout.</summary>
internal static class CircuitChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options)
    {
        var global = OfBlock(options.CircuitBreaker, "circuit_breaker").Concat(AgainstTimeout(options.CircuitBreaker, "circuit_breaker", options.Providers));
        var own = options.Providers.Select((p, i) => (p, path: $"providers[{i}].circuit_breaker"))
            .Where(x => x.p.CircuitBreaker != options.CircuitBreaker)
            .SelectMany(x => OfBlock(x.p.CircuitBreaker, x.path)
                .Concat(SameTimes(x.p.CircuitBreaker, options.CircuitBreaker) ? [] : AgainstTimeout(x.p.CircuitBreaker, x.path, [x.p])));
        return global.Concat(own);
    }

    private static IEnumerable<ConfigProblem> OfBlock(CircuitOptions circuit, string path)
    {
        if (circuit.RecoveryBackoffMultiplier > 1 && circuit.RecoveryBackoffMax < circuit.RecoveryWindow)
        {
            yield return new($"{path}.recovery_backoff_max",
                $"{Duration.Write(circuit.RecoveryBackoffMax)} is shorter than 'recovery_window' ({Duration.Write(circuit.RecoveryWindow)}), so backing off would retry sooner.",
                "Make it at least 'recovery_window'.");
        }
    }

    // The defaults (5 s against 60 s) are the original's and are read leniently; only what the file itself sets is strict enough to warn of.
    private static IEnumerable<ConfigProblem> AgainstTimeout(CircuitOptions circuit, string path, IReadOnlyList<ProviderOptions> providers)
    {
        var longest = providers.Count == 0 ? TimeSpan.Zero : providers.Max(p => p.Timeout);
        if (circuit.LatencyP95FromFile && TimeSpan.FromMilliseconds(circuit.LatencyP95Ms) < longest)
        {
            yield return new($"{path}.latency_p95_ms", $"{circuit.LatencyP95Ms} opens the circuit on answers that 'timeout' ({Duration.Write(longest)}) still allows.",
                "Raise it above the slowest healthy answer, or leave it out: only the first content of streams is judged then.", IsWarning: true);
        }
        if (circuit.ProbeTimeoutFromFile && circuit.ProbeTimeout < longest)
        {
            yield return new($"{path}.probe_timeout", $"{Duration.Write(circuit.ProbeTimeout)} fails a probe whose whole answer 'timeout' ({Duration.Write(longest)}) still allows.",
                "Raise it to a whole answer's time, or leave it out: it then bounds the first content of streams only.", IsWarning: true);
        }
    }

    private static bool SameTimes(CircuitOptions a, CircuitOptions b) =>
        a.LatencyP95Ms == b.LatencyP95Ms && a.LatencyP95FromFile == b.LatencyP95FromFile && a.ProbeTimeout == b.ProbeTimeout && a.ProbeTimeoutFromFile == b.ProbeTimeoutFromFile;
}
