using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes.Split;

/// <summary>Gateways whose clocks are wrong by far more than a command may be on its way: money goes by the silo's time.</summary>
public sealed class WrongClockTests
{
    private const string Budget = """
        budgets:
          callers: [{caller: alice, limit_usd: 5, action: hard_stop, period: day}]
        """;

    [Fact]
    public async Task F53_Gateways_TenMinutesAheadAndBehind_AreServedUnderAHardBudgetAndChargeOnePeriod()
    {
        await using var cluster = await SplitCluster.StartAsync();
        await cluster.Silo(cluster.Folder(Budget)).ReadyAsync();
        ClusterProcess[] gateways = [cluster.Gateway(cluster.Folder(Budget), clock: "10m"), cluster.Gateway(cluster.Folder(Budget), clock: "-10m")];
        foreach (var gateway in gateways)
        {
            await gateway.ReadyAsync();
            for (var i = 0; i < 4; i++)
            {
                var (status, body) = await gateway.ChatAsync(stream: i % 2 == 0);
                Assert.True(status == 200, $"{status} {body}\n{gateway.Output}");
            }
        }

        var said = (await gateways[1].GetJsonAsync("/readyz?verbose"))["self_checks"]!["problems"]!.AsArray();
        Assert.Contains(said, problem => problem!["problem"]!.GetValue<string>().Contains("600 s behind", StringComparison.Ordinal));
        var billed = cluster.Provider.Truth.Cost;
        await Eventually.HoldsAsync(
            async () => await gateways[0].GetJsonAsync("/_infermux/budgets/alice") is var alice
                && alice["open_holds"]!.GetValue<int>() == 0 && alice["settled"]!.GetValue<decimal>() == billed,
            TimeSpan.FromSeconds(20),
            () => $"settled what was billed\n{gateways[0].Output}\n{gateways[1].Output}");
    }

    [Theory]
    [InlineData("1h")]
    [InlineData("-11s")]
    public async Task F53_Silo_WhoseClockIsMoreThan10SecondsOff_IsRefusedAtStartAndSaysWhy(string clock)
    {
        await using var cluster = await SplitCluster.StartAsync();

        var silo = cluster.Silo(cluster.Folder(), clock);

        Assert.Equal(1, await silo.EndedAsync());
        Assert.Contains("this machine's clock is", silo.Output, StringComparison.Ordinal);
    }
}
