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

    /// <summary>Asked for the books. Default the first.</summary>
    public Node? Asked { get; init; }

    /// <summary>Whether each request had a model of its own, so that the ledger tells requests apart.</summary>
    public bool ModelPerCall { get; init; }

    public async Task<AuditReport> AuditAsync()
    {
        var callers = log.Records.Select(record => record.Caller).Distinct(StringComparer.Ordinal).ToArray();
        var books = await QuietAsync(callers);
        var billed = Billed(callers);
        return new AuditReport(
            [Overdrawn(books), Balanced(books, billed), Told(books), Held(books), .. ModelPerCall ? [Apart(books)] : Array.Empty<Invariant>()],
            books.Accounts.Values.Sum(account => account.Settled),
            books.Accounts.Values.Sum(account => account.Marked));
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
                        books = await Books.OfAsync(Asked ?? cluster.Nodes[0], callers);
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

    /// <summary>I4: nothing settled beyond a limit, but for what providers billed beyond their holds.</summary>
    private static Invariant Overdrawn(Books books)
    {
        var over = books.Accounts.Values.Where(account => account.Limit is { } limit && account.Settled - account.Excess > limit).ToArray();
        var excess = books.Accounts.Values.Sum(account => account.Excess);
        return new Invariant("I4", over.Length == 0 && excess == 0m, FormattableString.Invariant(
            $"{over.Length} of {books.Accounts.Count} accounts over their limit{First(over.Select(account => $"{account.Caller} {account.Settled} of {account.Limit}"))}; {excess} USD billed beyond holds"));
    }

    /// <summary>I5: accounts = ledger, and = the providers' bills over all that is not marked.</summary>
    private static Invariant Balanced(Books books, Dictionary<string, decimal> billed)
    {
        var (settled, ledger, truth) = (books.Accounts.Values.Sum(account => account.Settled), billed.Keys.Sum(books.Ledger.GetValueOrDefault), billed.Values.Sum());
        var marked = books.Accounts.Values.Sum(account => account.Marked);
        var wrong = books.Accounts.Values.Where(account => books.Ledger.GetValueOrDefault(account.Caller) != account.Settled
            || (account.Marked == 0m && account.Settled != billed[account.Caller])).ToArray();
        return new Invariant("I5", wrong.Length == 0, FormattableString.Invariant(
            $"accounts {settled}, ledger {ledger}, providers' bills {truth} USD, {marked} of it marked; {wrong.Length} callers differ")
            + First(wrong.Select(account => FormattableString.Invariant(
                $"{account.Caller} settled {account.Settled} (marked {account.Marked}), ledger {books.Ledger.GetValueOrDefault(account.Caller)}, billed {billed[account.Caller]}"))));
    }

    /// <summary>I6: what a caller was told that it paid is in its account.</summary>
    private Invariant Told(Books books)
    {
        var told = log.Records.GroupBy(record => record.Caller, StringComparer.Ordinal)
            .ToDictionary(records => records.Key, records => records.Sum(record => record.Cost ?? 0m), StringComparer.Ordinal);
        var lost = told.Where(caller => caller.Value > books.Accounts[caller.Key].Settled).ToArray();
        return new Invariant("I6", lost.Length == 0, FormattableString.Invariant($"callers were told of {told.Values.Sum()} USD; {lost.Length} accounts have less than was told")
            + First(lost.Select(caller => FormattableString.Invariant($"{caller.Key} told {caller.Value}, settled {books.Accounts[caller.Key].Settled}"))));
    }

    /// <summary>I7: nothing is held for requests that are over.</summary>
    private static Invariant Held(Books books) => new(
        "I7",
        books.Accounts.Values.All(account => account.OpenHolds == 0 && account.Reserved == 0m),
        FormattableString.Invariant($"{books.Accounts.Values.Sum(account => account.OpenHolds)} holds of {books.Accounts.Values.Sum(account => account.Reserved)} USD are left"));

    /// <summary>I5 by request: rows that differ from the bill are those of requests that a dying process cut, and are what the accounts have marked.</summary>
    private Invariant Apart(Books books)
    {
        var billed = cluster.Providers.SelectMany(provider => provider.Scripted.Requests).GroupBy(request => request.Model, StringComparer.Ordinal)
            .ToDictionary(requests => requests.Key, requests => requests.Sum(request => request.Cost), StringComparer.Ordinal);
        var differ = billed.Keys.Union(books.LedgerByModel.Keys, StringComparer.Ordinal)
            .Where(model => billed.GetValueOrDefault(model) != books.LedgerByModel.GetValueOrDefault(model)).ToArray();
        var cut = log.Cut.Select(record => record.Model).ToHashSet(StringComparer.Ordinal);
        var strangers = differ.Where(model => !cut.Contains(model)).ToArray();
        var (settled, marked) = (books.Accounts.Values.Sum(account => account.Settled), books.Accounts.Values.Sum(account => account.Marked));
        var cutRows = cut.Sum(books.LedgerByModel.GetValueOrDefault);
        return new Invariant("I5 by request", strangers.Length == 0 && marked <= cutRows, FormattableString.Invariant(
            $"{differ.Length} rows differ from their bills, {cut.Count} requests were cut; {marked} USD marked of {cutRows} USD that those have; {settled} in all")
            + First(strangers.Select(model => FormattableString.Invariant(
                $"{model} ledger {books.LedgerByModel.GetValueOrDefault(model)}, billed {billed.GetValueOrDefault(model)}"))));
    }

    private static string First(IEnumerable<string> several) => string.Join(", ", several.Take(3)) is { Length: > 0 } few ? $" ({few})" : "";
}
