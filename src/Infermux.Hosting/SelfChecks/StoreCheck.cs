using StackExchange.Redis;

namespace Infermux.Hosting.SelfChecks;

/// <summary>One look at a shared store: what it says of itself, and its clock.</summary>
public static class StoreCheck
{
    /// <summary>Asks it as a silo would before it starts. A store that cannot be reached is no problem found here.</summary>
    public static async Task<SelfCheckReport> AskAsync(string connectionString, TimeProvider time)
    {
        var report = new SelfCheckReport(isSilo: true);
        await AskAsync(connectionString, report, time);
        return report;
    }

    internal static async Task AskAsync(string connectionString, SelfCheckReport report, TimeProvider time)
    {
        try
        {
            await using var store = await StoreQuestions.ConnectAsync(connectionString);
            await AskAsync(store, report, time, withFacts: true);
        }
        catch (RedisConnectionException refused) when (refused.FailureType == ConnectionFailureType.AuthenticationFailure)
        {
            report.Facts(new StoreFacts { TookPassword = false, AppendOnly = true, AppendFsync = "always", EvictionPolicy = "noeviction" });
        }
        catch (Exception unreachable) // whatever a dying connection throws; there is no token
        {
            report.Away(unreachable.Message); // whether it can be started without is for Orleans to find out
        }
    }

    internal static async Task AskAsync(StoreQuestions store, SelfCheckReport report, TimeProvider time, bool withFacts)
    {
        var asked = time.GetUtcNow();
        var clock = await store.TimeAsync();
        report.Skew(ClockSkew.Between(asked, time.GetUtcNow(), clock));
        if (withFacts)
        {
            report.Facts(await store.FactsAsync());
        }
    }
}
