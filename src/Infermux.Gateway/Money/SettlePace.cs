namespace Infermux.Gateway.Money;

/// <summary>How settlements, voids and refreshes are paced. Not settings: each follows from a promise of the product.</summary>
internal sealed record SettlePace
{
    /// <summary>
    /// How long the first settlement of a batch waits for company. 500 ms: nobody waits for it, and an account tells its ledger once a second only.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The same where a hold is settled. 10 ms: the account stores every open hold with each of its writes, so a hold that lingers is written again and again.
    /// </summary>
    public TimeSpan LingerHeld { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>When a call counts as unanswered and is repeated. 2 s: above the silo's own deadlines for its store (1 s) and its calls (1.5 s).</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Wait before the first repeat. 100 ms.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait before a repeat. 5 s.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between refreshes of the holds of running operations. 5 s: at least four are due before a hold expires (30 s).</summary>
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Accounts spoken to at once. 64, so that hung calls to one lost silo leave room for the others.</summary>
    public int Parallel { get; init; } = 64;

    /// <summary>Settlements, voids or refreshes in one call. 500: some 200 KB.</summary>
    public int LargestBatch { get; init; } = 500;

    /// <summary>Unacknowledged bytes past which new work for hard budgets should be refused. 64 MiB.</summary>
    public long BacklogBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The wait before repeat number <paramref name="failures"/> (1 …): doubles, ± 10 % so that gateways do not repeat in step.</summary>
    public TimeSpan Backoff(int failures, Random random)
    {
        var doubled = FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 30));
        return (doubled < LongestBackoff ? doubled : LongestBackoff) * (0.9 + (0.2 * random.NextDouble()));
    }
}
