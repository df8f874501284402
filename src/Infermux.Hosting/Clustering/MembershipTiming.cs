using Orleans.Configuration;

namespace Infermux.Hosting.Clustering;

/// <summary>
/// How soon silos notice that one of them is gone. Orleans' defaults (5 s × 3) left a killed silo's grains unreachable for 10 s; requests wait 3 s at most.
/// Against it stands that a healthy silo may pause for two seconds, on a starved machine or in a collection, and must not be put out for it.
/// </summary>
internal static class MembershipTiming
{
    /// <summary>
    /// A probe to a killed silo fails at once, so three of them take 1.5 to 2.25 s; one to a paused silo takes this long, so a pause of less than 2.25 s
    /// never misses three. 500 ms would notice in 1 to 1.5 s, and put out a silo that pauses for 1.5 s.
    /// </summary>
    private static readonly TimeSpan Probe = TimeSpan.FromMilliseconds(750);

    /// <summary>
    /// Orleans shortens the probes of a silo that answers fast down to half, which would halve the pause it survives, so not here. It stretches those of a slow
    /// one; and for three times the longest a connection that still carried something excuses missed probes: at its default of four times a frozen silo would
    /// keep its grains for 9 s, at twice for 4.5 s (4.8 seen). Its accounts' callers are refused meanwhile.
    /// </summary>
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(1);

    public static void Apply(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = options.MinProbeTimeout = Probe;
        options.MaxProbeTimeout = LongestProbe;
        options.NumMissedProbesLimit = 3;

        // With two silos one vote decides, since Orleans asks for no more than half of the living ones, rounded up. With three or more, one silo that is cut off
        // by itself cannot put all others out.
        options.NumVotesForDeathDeclaration = 2;

        // A silo that starts first asks every one that the table calls alive, and waits for those that do not answer until their stamp is three periods old. At
        // Orleans' 30 s a cluster that was killed as a whole would be back after a minute and a half. One small write per silo and period.
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        options.NumMissedTableIAmAliveLimit = 3;

        // Silos tell each other of changes; reading the table is the net under that, for a silo that missed one.
        options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
    }
}
