namespace Infermux.Hosting.Clustering;

/// <summary>What calls between processes may take, and how many may wait: the same for silos and clients.</summary>
internal static class CallLimits
{
    /// <summary>
    /// Calls that decide or account answer within this or are repeated by id; only a selection, which waits for accounts itself, has its own 5 s. A call to a
    /// silo that dies ends no sooner than this, whatever membership finds out meanwhile, so Orleans' 30 s would hang a request for 30 s. Shorter would repeat
    /// calls that only wait for the store's deadline of 1 s.
    /// </summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Calls under way or waiting at one grain before it refuses; a refused call was not made and is repeated by id. Orleans' own default is no limit, so a
    /// stalled account would hold every request of its caller in memory. An account answers 18,000 a second: at 2,000 the last one waits a tenth of that.
    /// </summary>
    public const int PerGrain = 2_000;

    /// <summary>The same for the RouterGrain's workers, whose calls wait for accounts and therefore pile up over all of them: a silo's share of requests.</summary>
    public const int PerWorker = 10_000;
}
