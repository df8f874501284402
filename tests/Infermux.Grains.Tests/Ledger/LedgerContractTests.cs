using Infermux.Core.Costs;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Xunit;

namespace Infermux.Grains.Tests.Ledger;

public sealed class LedgerContractTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void LedgerBatch_OverTheWire_ArrivesDigitForDigit()
    {
        var sent = new LedgerBatch("team-a", 7, [LedgerRows.Row(0.00000000000000000000000001m)]);
        var arrived = Again(sent);
        Assert.Equal((sent.Account, sent.Number), (arrived.Account, arrived.Number));
        Assert.Equal(sent.Rows, arrived.Rows);
    }

    [Fact]
    public void LedgerQuery_OverTheWire_ArrivesUnchanged()
    {
        var sent = new LedgerQuery(CostDimensions.Hour | CostDimensions.Env, "team-a");
        Assert.Equal(sent, Again(sent));
    }

    [Fact]
    public void SettleBatch_WithListsMadeByCollectionExpressions_ArrivesWhole()
    {
        var line = new SettledLine { Attempt = 1, Provider = "p", TargetModel = "m", PromptTokens = 1, CompletionTokens = 2, Cost = 0.1m };
        var settlement = new Settlement { Operation = Guid.NewGuid(), Account = "a", Caller = "a", BeganAt = LedgerRows.Hour, Lines = [line] };
        var arrived = Again(new SettleBatch(Guid.NewGuid(), 2, [settlement, settlement with { Lines = [line, line] }]));
        Assert.Equal([1, 2], arrived.Settlements.Select(each => each.Lines.Count));
        Assert.Equal(line, arrived.Settlements[0].Lines[0]);
    }

    private T Again<T>(T value)
    {
        var serializer = _services.GetRequiredService<Serializer<T>>();
        return serializer.Deserialize(serializer.SerializeToArray(value))!;
    }
}
