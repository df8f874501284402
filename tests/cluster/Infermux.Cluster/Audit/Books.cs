using Infermux.Cluster.Topology;

namespace Infermux.Cluster.Audit;

/// <summary>Accounts and ledger of some callers at one moment, and the ledger by model.</summary>
internal sealed record Books(
    IReadOnlyDictionary<string, AccountBook> Accounts, IReadOnlyDictionary<string, decimal> Ledger, IReadOnlyDictionary<string, decimal> LedgerByModel)
{
    /// <summary>
    /// Nothing is held, the ledger has heard of all that is settled, and both reports speak of one moment: each is up to a second old by itself.
    /// </summary>
    public bool AreQuiet => LedgerByModel.Values.Sum() == Ledger.Values.Sum() && Accounts.Values.All(account =>
        account.OpenHolds == 0 && account.Reserved == 0m && Ledger.GetValueOrDefault(account.Caller) == account.Settled);

    /// <summary>What is not quiet yet.</summary>
    public string Unrest => string.Join("; ", Accounts.Values
        .Where(account => account.OpenHolds != 0 || account.Reserved != 0m || Ledger.GetValueOrDefault(account.Caller) != account.Settled).Take(5)
        .Select(account => FormattableString.Invariant(
            $"{account.Caller}: {account.OpenHolds} holds of {account.Reserved} USD, settled {account.Settled}, ledger {Ledger.GetValueOrDefault(account.Caller)}")));

    /// <summary>Asks one node, which asks the owners.</summary>
    public static async Task<Books> OfAsync(Node node, IReadOnlyCollection<string> callers)
    {
        var accounts = await Task.WhenAll(callers.Select(caller => node.GetJsonAsync($"/_infermux/budgets/{caller}")));
        var ledger = (await node.GetJsonAsync("/_infermux/costs/by-caller"))["callers"]!.AsArray();
        var models = (await node.GetJsonAsync("/_infermux/costs/by-model"))["by_model"]!.AsObject();
        return new Books(
            accounts.Select(AccountBook.Of).ToDictionary(account => account.Caller, StringComparer.Ordinal),
            ledger.ToDictionary(row => row!["caller"]!.GetValue<string>(), row => row!["total_usd"]!.GetValue<decimal>(), StringComparer.Ordinal),
            models.ToDictionary(row => row.Key, row => row.Value!.GetValue<decimal>(), StringComparer.Ordinal));
    }
}
