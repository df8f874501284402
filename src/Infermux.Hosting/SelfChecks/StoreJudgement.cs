using Infermux.Core.Configuration;

namespace Infermux.Hosting.SelfChecks;

/// <summary>
/// Whether a store may be trusted with money and membership. Pure. What it did not say is no problem of it: a managed store that refuses CONFIG is used.
/// </summary>
internal static class StoreJudgement
{
    private const string Path = "cluster.redis";
    private const string NoEviction = "noeviction";

    /// <summary>What is wrong: refused at start, or a warning where money is safe as long as nothing else happens.</summary>
    public static IEnumerable<ConfigProblem> Of(StoreFacts facts) => [.. Access(facts), .. Persistence(facts), .. Eviction(facts)];

    /// <summary>What it did not say; null where it said everything.</summary>
    public static string? Unknown(StoreFacts facts) => facts switch
    {
        { AppendOnly: null } or { AppendOnly: false, Snapshots: null } => "the store does not say whether it keeps anything on disk (it refuses CONFIG and INFO)",
        { AppendOnly: true, AppendFsync: null } => "the store does not say when its file is forced to disk (it refuses CONFIG); only 'appendfsync always' loses nothing",
        { EvictionPolicy: null } => "the store does not say whether it evicts (it refuses CONFIG and INFO)",
        _ => null,
    };

    private static IEnumerable<ConfigProblem> Access(StoreFacts facts)
    {
        if (facts.TookPassword == false)
        {
            // Measured: without this everything works, unauthenticated, and nobody notices.
            yield return new(Path, "the store refuses this user and password" + (facts.OpenToAnyone == true ? ", and lets everybody in without any." : "."),
                facts.OpenToAnyone == true
                    ? "Write the right ones, and close the user 'default' in the store: ACL SETUSER default off."
                    : "Write the right ones, such as 'host:6379,user=infermux,password=...'.");
        }
        else if (facts is { TookPassword: true, OpenToAnyone: true })
        {
            yield return new(Path, "the store takes this password and lets everybody in without one, too.", "Close its user 'default': ACL SETUSER default off.", IsWarning: true);
        }
    }

    private static IEnumerable<ConfigProblem> Persistence(StoreFacts facts)
    {
        if (facts is { AppendOnly: false, Snapshots: false })
        {
            yield return new(Path, "the store keeps nothing on disk (appendonly no, save \"\"): a restart of it forgets every budget.",
                "Set 'appendonly yes' and 'appendfsync always' in the store, or use 'cluster.store: memory' where nothing has to survive.");
        }
        else if (facts is { AppendOnly: false, Snapshots: true })
        {
            yield return new(Path, "the store only saves snapshots (appendonly no): when it dies, minutes of acknowledged spending are gone.",
                "Set 'appendonly yes' and 'appendfsync always' in the store.", IsWarning: true);
        }
        else if (facts is { AppendOnly: true, AppendFsync: not (null or "always") })
        {
            yield return new(Path, $"the store acknowledges before it is on disk (appendfsync {facts.AppendFsync}): when it dies, up to a second of spending may be gone.",
                "Set 'appendfsync always' in the store.", IsWarning: true);
        }
    }

    private static IEnumerable<ConfigProblem> Eviction(StoreFacts facts)
    {
        if (facts.EvictionPolicy is null or NoEviction)
        {
            yield break;
        }

        if (facts.MaxMemory is > 0)
        {
            yield return new(Path, $"the store throws records away when its memory is full (maxmemory-policy {facts.EvictionPolicy}): budgets and members would vanish.",
                $"Set 'maxmemory-policy {NoEviction}' in the store; where it is shared with a cache, give Infermux one of its own.");
        }
        else if (facts.MaxMemory == 0)
        {
            yield return new(Path, $"the store would throw records away as soon as 'maxmemory' is set (maxmemory-policy {facts.EvictionPolicy}).",
                $"Set 'maxmemory-policy {NoEviction}' in the store.", IsWarning: true);
        }
    }
}
