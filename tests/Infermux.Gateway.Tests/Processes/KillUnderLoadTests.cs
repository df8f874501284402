using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

[Collection(RealProcesses.Name)]
public sealed class KillUnderLoadTests
{
    private const int Requests = 300;
    private const int Parallel = 32;
    private const int EndedBeforeTheKill = 100;
    private const decimal LimitUsd = 0.09m; // about three quarters of what all requests would cost

    /// <summary>Holds of killed requests live 30 s after the successor has read the account; the rest is the load itself.</summary>
    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(90);

    /// <summary>One model for each request, so that the ledger tells requests apart.</summary>
    private static readonly string[] Models = [.. Enumerable.Range(0, Requests).Select(i => string.Create(CultureInfo.InvariantCulture, $"m-{i:000}"))];

    [Fact]
    [Trait("Category", "Slow")] // some 35 s: the holds of the killed requests have to expire, and a process of its own takes no fake clock
    public async Task HardStop_UnderLoadWithAKill9InTheMiddle_BooksBalanceExceptMarkedRowsThatWereInFlight()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { HeadDelay = TimeSpan.FromMilliseconds(30), ChunkInterval = TimeSpan.FromMilliseconds(20) };
        using var folder = GatewayFolder.For(provider, "store: embedded", Models, string.Create(CultureInfo.InvariantCulture, $$"""
            budgets:
              callers: [{caller: alice, limit_usd: {{LimitUsd}}, action: hard_stop}]
            """));
        var left = new ConcurrentQueue<int>(Enumerable.Range(0, Requests));
        var before = new KilledLoad();
        await using (var first = await GatewayProcess.StartAsync(folder))
        {
            var load = before.RunAsync(first, left, Parallel);
            await before.EndedAsync(EndedBeforeTheKill);
            await first.KillAsync();
            await load;
        }

        Assert.InRange(before.Cut.Count, 1, Parallel);
        Assert.NotEmpty(left);
        var after = new KilledLoad();
        await using var gateway = await GatewayProcess.StartAsync(folder);
        await after.RunAsync(gateway, left, Parallel);
        Assert.Empty(after.Cut);
        Assert.Contains(200, after.Ended.Values);
        Assert.Contains(429, after.Ended.Values);
        Assert.All(before.Ended.Values.Concat(after.Ended.Values), status => Assert.True(status is 200 or 429, $"status {status}"));

        var account = await QuietAsync(gateway);
        Check(provider, account, await LedgerByModelAsync(gateway), before.Cut);
    }

    private static void Check(ScriptedProvider provider, JsonNode account, Dictionary<string, decimal> ledger, IReadOnlyCollection<int> cut)
    {
        var billed = provider.Requests.GroupBy(request => request.Model, StringComparer.Ordinal)
            .ToDictionary(requests => requests.Key, requests => requests.Sum(request => request.Cost), StringComparer.Ordinal);
        var marked = Models.Where(model => ledger.GetValueOrDefault(model) != billed.GetValueOrDefault(model)).ToArray();
        var (settled, unsettled) = (account["settled"]!.GetValue<decimal>(), account["unsettled"]!.GetValue<decimal>());
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"provider {provider.Truth.Cost} USD, account {settled}, unsettled {unsettled}; {cut.Count} in flight at the kill, {marked.Length} marked"));

        Assert.Equal(ledger.Values.Sum(), settled);
        Assert.True(settled <= LimitUsd, $"settled {settled}");
        Assert.Equal(0m, account["excess"]!.GetValue<decimal>());
        Assert.Equal(0m, account["estimated"]!.GetValue<decimal>());
        Assert.Subset(cut.Select(i => Models[i]).ToHashSet(StringComparer.Ordinal), marked.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(marked.Sum(model => ledger.GetValueOrDefault(model)), unsettled);
        Assert.Equal(provider.Truth.Cost - marked.Sum(model => billed.GetValueOrDefault(model)), settled - unsettled);
    }

    /// <summary>Waits until nothing is held and the ledger has heard of everything; the account then.</summary>
    private static async Task<JsonNode> QuietAsync(GatewayProcess gateway)
    {
        var account = await gateway.AccountAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                account = await gateway.AccountAsync();
                return account["open_holds"]!.GetValue<int>() == 0 && await gateway.LedgerAsync() == account["settled"]!.GetValue<decimal>();
            },
            QuietLimit,
            () => $"no hold is open and the ledger equals the account: {account}");
        return account;
    }

    private static async Task<Dictionary<string, decimal>> LedgerByModelAsync(GatewayProcess gateway) =>
        (await gateway.GetJsonAsync("/_infermux/costs/by-model"))["by_model"]!.AsObject()
            .ToDictionary(row => row.Key, row => row.Value!.GetValue<decimal>(), StringComparer.Ordinal);
}
