using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Audit;

/// <summary>
/// Once all is quiet, compares three books that know nothing of each other: what callers saw, what providers say they billed, and what accounts and ledger
/// have. Money is compared as decimals, to the last digit.
/// </summary>
internal sealed class Auditor(LocalCluster cluster, CallLog log)
{
    /// <summary>How long quiet may take: a killed process's holds live 30 s, and a moved account expires nothing in its first 30 s.</summary>
    public TimeSpan QuietLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Asked for the books. Default the first that serves.</summary>
    public Node? Asked { get; init; }

    /// <summary>Whether each request had a model of its own, so that the ledger tells requests apart.</summary>
    public bool ModelPerCall { get; init; }

    public async Task<AuditReport> AuditAsync()
    {
        var callers = log.Records.Select(record => record.Caller).Distinct(StringComparer.Ordinal).ToArray();
        var books = await QuietAsync(callers);
        var billed = cluster.Providers.SelectMany(provider => provider.Scripted.Requests).GroupBy(request => request.Model, StringComparer.Ordinal)
            .ToDictionary(requests => requests.Key, requests => requests.Sum(request => request.Cost), StringComparer.Ordinal);
        return new Evidence(log.Records, books, Billed(callers), cluster.Nodes.SelectMany(node => node.Deaths).ToArray())
        {
            BilledByModel = ModelPerCall ? billed : null,
            StoreAbsences = cluster.StoreAbsences,
        }.Judge();
    }

    /// <summary>What each caller was billed, over all providers.</summary>
    private Dictionary<string, decimal> Billed(IEnumerable<string> callers)
    {
        var truths = cluster.Providers.Select(provider => provider.Scripted.Truth).ToArray();
        return callers.ToDictionary(caller => caller, caller => truths.Sum(truth => truth.Callers.GetValueOrDefault(caller)?.Cost ?? 0m), StringComparer.Ordinal);
    }

    /// <summary>The books once nothing moves any more, or as they are when that took too long.</summary>
    private async Task<Books> QuietAsync(string[] callers)
    {
        Books? books = null;
        var why = "";
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    try
                    {
                        books = await Books.OfAsync(Asked ?? cluster.Nodes.First(node => node.Kind.Serves), callers);
                        why = books.Unrest;
                        return books.AreQuiet && cluster.Providers.All(provider => provider.Scripted.Truth.InFlight == 0);
                    }
                    catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
                    {
                        why = unreachable.Message;
                        return false;
                    }
                },
                QuietLimit,
                () => $"the books are quiet: {why}");
        }
        catch (TimeoutException) when (books is not null)
        {
            // The report says what is not quiet.
        }

        return books!;
    }
}
