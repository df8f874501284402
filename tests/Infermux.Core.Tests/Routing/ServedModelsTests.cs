using System.Collections.Frozen;
using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Xunit;

namespace Infermux.Core.Tests.Routing;

public sealed class ServedModelsTests
{
    [Fact]
    public void ServedModels_FileListingAndAliases_AreAllThereWithTheirFirstProvider()
    {
        var lab = new RoutingLab(new InfermuxOptions
        {
            Providers =
            [
                RoutingLab.Provider("a") with { Models = ["m2", "m1"], ModelAliases = new Dictionary<string, string> { ["m3"] = "t" } },
                RoutingLab.Provider("b", ProviderType.Anthropic),
                RoutingLab.Provider("c", ProviderType.Echo),
            ],
        });
        lab["b"] = new CandidateState { ListedModels = FrozenSet.ToFrozenSet(["claude", "m1"]) };
        Assert.Equal(
            [new("claude", "b"), new("echo-v1", "c"), new("lorem", "c"), new("m1", "a"), new("m2", "a"), new("m3", "a")],
            lab.Table.ServedModels(lab.States()));
    }

    [Fact]
    public void ServedModels_OfOneThatServesAnyName_AreThePriceTablesUntilItsListingIsThere()
    {
        var options = new InfermuxOptions { Providers = [RoutingLab.Provider("a")] };
        var table = new RoutingTable(options, new RoutingPrices(static (_, _) => null) { KnownModels = static _ => ["priced"] });

        Assert.Equal([new("priced", "a")], table.ServedModels([CandidateState.Unknown]));
        Assert.Equal([new("own", "a")], table.ServedModels([new CandidateState { ListedModels = FrozenSet.ToFrozenSet(["own"]) }]));
    }

    [Theory]
    [InlineData("gpt-4o-mni", "gpt-4o-mini")]
    [InlineData("GPT-4o-MINI", "gpt-4o-mini")]
    [InlineData("claude-sonnet-4", "claude-sonnet-4-5-20250929")]
    public void NearNames_Typo_FindsTheName(string asked, string expected) =>
        Assert.Equal(expected, NearNames.Of(asked, ["gpt-4o-mini", "claude-sonnet-4-5-20250929", "llama3.2"])[0]);

    [Fact]
    public void NearNames_NothingNear_IsEmpty() => Assert.Empty(NearNames.Of("mistral-large", ["gpt-4o-mini", "o1"]));

    [Fact]
    public void NearNames_EndlessName_IsNotCompared() => Assert.Empty(NearNames.Of(new string('x', 100_000), [new string('x', 99)]));

    [Fact]
    public void NearNames_Many_AreTheNearestFirst() =>
        Assert.Equal(["abcdef", "abcdeX", "abcdXY"], NearNames.Of("abcdef", ["abcdXY", "abcXYZ", "abcdef", "abcdeX"]));
}
