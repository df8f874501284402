using Infermux.Grains.Contracts.Ledger;
using Xunit;

namespace Infermux.Grains.Tests.Ledger;

public class LedgerAddressTests
{
    [Theory]
    [InlineData("anonymous")]
    [InlineData("team-a")]
    [InlineData("*overflow")]
    public void ShardOf_KnownNames_NeverChanges(string account) =>
        Assert.Equal(Recorded[account], LedgerAddress.ShardOf(account));

    [Fact]
    public void ShardOf_ManyNames_SpreadsThemEvenly()
    {
        var shards = Enumerable.Range(0, 16_000).CountBy(index => LedgerAddress.ShardOf($"team-{index}")).ToList();
        Assert.Equal(LedgerAddress.Shards, shards.Count);
        Assert.All(shards, shard => Assert.InRange(shard.Value, 800, 1200));
    }

    [Fact]
    public void DayKey_AnyOffset_IsTheUtcDay() => Assert.Equal(
        $"2026-11-21/{LedgerAddress.ShardOf("team-a")}",
        LedgerAddress.DayKey("team-a", new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.FromHours(2))));

    // Taken from the first version: stored rows are found by them.
    private static readonly Dictionary<string, int> Recorded = new(StringComparer.Ordinal) { ["anonymous"] = 5, ["team-a"] = 7, ["*overflow"] = 6 };
}
