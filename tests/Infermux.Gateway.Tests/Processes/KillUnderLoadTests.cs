using System.Globalization;
using System.Text.Json.Nodes;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

public sealed class KillUnderLoadTests
{
    private const int AtOnce = 500;
    private const int Afterwards = 100;
    private const int ParallelAfterwards = 32;
    private const decimal LimitUsd = 0.01m;

    /// <summary>Holds of killed requests live 30 s after the successor has read the account; the rest is the load itself.</summary>
    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(90);

    /// <summary>One model for each request, so that the ledger tells requests apart.</summary>
    private static readonly string[] Models = [.. Enumerable.Range(0, AtOnce + Afterwards).Select(KilledLoad.ModelOf)];

    [Fact]
    [Trait("Category", "Slow")] // some 35 s: the holds of the killed requests have to expire, and a process of its own takes no fake clock
    public async Task HardStop_UnderLoadWithAKill9InTheMiddle_BooksBalanceExceptMarkedRowsThatWereInFlight()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { HeadDelay = TimeSpan.FromMilliseconds(100), ChunkInterval = TimeSpan.FromMilliseconds(100) };
        using var folder = GatewayFolder.For(provider, "store: embedded", Models, string.Create(CultureInfo.InvariantCulture, $$"""
            budgets:
              callers: [{caller: alice, limit_usd: {{LimitUsd}}, action: hard_stop}]
            """));
        var before = new KilledLoad();
        await using (var first = await GatewayProcess.StartAsync(folder))
        {
            var load = before.RunAsync(first, new(Enumerable.Range(0, AtOnce)), AtOnce);
            await provider.WaitForAsync(t => t is { Answered: > 0, InFlight: > 0 }, TestContext.Current.CancellationToken);
            await first.KillAsync();
            await load;
        }

        Assert.InRange(before.Cut.Count, 1, AtOnce);
        var after = new KilledLoad();
        await using var gateway = await GatewayProcess.StartAsync(folder);
        await after.RunAsync(gateway, new(Enumerable.Range(AtOnce, Afterwards)), ParallelAfterwards);
        Assert.True(after.Cut.Count == 0, $"{after.Cut.Count} cut, such as by {after.Cut.Values.FirstOrDefault()}\n{gateway.Output}");
        Assert.Contains(after.Ended.Values, answer => answer.Status == 429);
        Assert.All(before.Ended, answer => Assert.True(answer.Value.Status is 200 or 429, $"before the kill: {answer.Value.Status} {answer.Value.Body}"));
        Assert.All(after.Ended, answer => Assert.True(answer.Value.Status is 200 or 429, $"after the kill: {answer.Value.Status} {answer.Value.Body}\n{gateway.Output}"));

        var account = await QuietAsync(gateway);
        Check(provider, account, await LedgerByModelAsync(gateway), await MarkedAsync(gateway), before);
    }

    private static void Check(ScriptedProvider provider, JsonNode account, Dictionary<string, decimal> ledger, Dictionary<string, decimal> marked, KilledLoad killed)
    {
        var billed = provider.Requests.GroupBy(request => request.Model, StringComparer.Ordinal)
            .ToDictionary(requests => requests.Key, requests => requests.Sum(request => request.Cost), StringComparer.Ordinal);
        var (settled, unsettled) = (account["settled"]!.GetValue<decimal>(), account["unsettled"]!.GetValue<decimal>());
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"provider {provider.Truth.Cost} USD, account {settled}, unsettled {unsettled}; {killed.Cut.Count} in flight at the kill, {marked.Count} marked"));

        Assert.Equal(ledger.Values.Sum(), settled);
        Assert.True(settled <= LimitUsd, $"settled {settled}");
        Assert.Equal(0m, account["excess"]!.GetValue<decimal>());
        Assert.Equal(0m, account["estimated"]!.GetValue<decimal>());
        Assert.Subset(killed.Cut.Keys.Select(KilledLoad.ModelOf).ToHashSet(StringComparer.Ordinal), marked.Keys.ToHashSet(StringComparer.Ordinal));
        Assert.NotEmpty(marked);
        Assert.Equal(unsettled, marked.Values.Sum());
        Assert.All(Models, model => Assert.Equal(marked.GetValueOrDefault(model, billed.GetValueOrDefault(model)), ledger.GetValueOrDefault(model)));
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

    /// <summary>USD of each marked row, by model; the ledger's other rows must equal the provider's bill.</summary>
    private static async Task<Dictionary<string, decimal>> MarkedAsync(GatewayProcess gateway) =>
        (await gateway.GetJsonAsync("/_infermux/costs/marked"))["rows"]!.AsArray()
            .ToDictionary(row => row!["model"]!.GetValue<string>(), row => row!["unsettled_usd"]!.GetValue<decimal>(), StringComparer.Ordinal);

    private static async Task<Dictionary<string, decimal>> LedgerByModelAsync(GatewayProcess gateway) =>
        (await gateway.GetJsonAsync("/_infermux/costs/by-model"))["by_model"]!.AsObject()
            .ToDictionary(row => row.Key, row => row.Value!.GetValue<decimal>(), StringComparer.Ordinal);
}
