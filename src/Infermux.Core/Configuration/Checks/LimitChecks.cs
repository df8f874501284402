using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration.Checks;

/// <summary>Limits that bound each other.</summary>
internal static class LimitChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options)
    {
        var limits = options.Limits;
        if (limits.MaxBodyMemory < limits.MaxBody)
        {
            yield return new("limits.max_body_memory", $"{ByteSize.Write(limits.MaxBodyMemory.Value)} is less than 'limits.max_body' ({ByteSize.Write(limits.MaxBody)}), so the largest body could never be read.",
                "Make it at least 'max_body'.");
        }
        var failover = options.Routing.Failover;
        if (failover.Deadline is { } deadline && options.Providers.Count > 0 && options.Providers.Max(p => p.Timeout) is var longest && longest >= deadline && failover.MaxAttempts > 1)
        {
            yield return new("routing.failover.deadline", $"{Duration.Write(deadline)} is no longer than a provider's 'timeout' ({Duration.Write(longest)}), so a provider that times out leaves no time for the next one.",
                "Raise it, or shorten 'timeout'.", IsWarning: true);
        }
    }
}
