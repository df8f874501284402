using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Xunit;

namespace Infermux.Core.Tests.Routing;

public sealed class GroupTests
{
    private static readonly ProviderOptions[] Providers =
    [
        RoutingLab.Provider("a"),
        RoutingLab.Provider("b") with { ModelAliases = new Dictionary<string, string> { ["gpt"] = "claude" } },
    ];

    [Fact]
    public void Group_TwoMatch_FirstInFileOrderWins() =>
        Assert.Equal("one", Group(RoutingLab.Ask("gpt"), new() { Name = "one", Models = ["gpt"] }, new() { Name = "two", Models = ["gpt"] }));

    [Fact]
    public void Group_CallersNameAndAliasTarget_CallersNameWinsWhicheverComesFirst() =>
        Assert.Equal("named", Group(RoutingLab.Ask("gpt"), new() { Name = "target", Models = ["claude"] }, new() { Name = "named", Models = ["gpt"] }));

    [Fact]
    public void Group_OnlyAliasTargetListed_Matches() =>
        Assert.Equal("target", Group(RoutingLab.Ask("gpt"), new() { Name = "other", Models = ["x"] }, new() { Name = "target", Models = ["claude"] }));

    [Fact]
    public void Group_WithoutModels_TakesPartInFileOrder()
    {
        RouteGroupOptions any = new() { Name = "any" }, named = new() { Name = "named", Models = ["gpt"] }, target = new() { Name = "target", Models = ["claude"] };
        Assert.Equal("any", Group(RoutingLab.Ask("gpt"), any, named));
        Assert.Equal("named", Group(RoutingLab.Ask("gpt"), named, any));
        Assert.Equal("target", Group(RoutingLab.Ask("gpt"), target, any));
        Assert.Equal("any", Group(RoutingLab.Ask("gpt"), any, target));
    }

    [Fact]
    public void Group_NoneMatches_TopLevelStrategyAndAllProviders()
    {
        var ranked = Lab(new RouteGroupOptions { Name = "g", Models = ["x"], Strategy = RoutingStrategy.Random }).Rank(RoutingLab.Ask("gpt"));
        Assert.Equal(("", "priority", 2), (ranked.Route.Group, ranked.Route.Strategy, ranked.Eligible));
    }

    [Fact]
    public void Group_WithProviders_PriorityFollowsItsList()
    {
        var ranked = Lab(new RouteGroupOptions { Name = "g", Providers = ["b", "a"] }).Rank();
        Assert.Equal(["b", "a"], ranked.Chosen);
        Assert.Equal("priority", ranked.Route.Strategy);
    }

    [Fact]
    public void Group_ProviderNotInIt_IsNotACandidate() =>
        Assert.Equal(["b"], Lab(new RouteGroupOptions { Name = "g", Providers = ["b"], Strategy = RoutingStrategy.Random }).Rank().Chosen);

    [Theory]
    [InlineData("eval", true)]
    [InlineData("evaluation", false)]
    public void Match_ExactText_WantsAllOfIt(string env, bool matches) => Assert.Equal(matches, Fits(new() { Env = "eval" }, RoutingLab.Ask() with { Env = env }));

    [Theory]
    [InlineData("team-*", "team-a", true)]
    [InlineData("team-*", "team-", true)]
    [InlineData("team-*", "my-team-a", false)]
    [InlineData("*-ci", "app-ci", true)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b*", "xxbxxaxx", false)]
    [InlineData("a*bc", "abxbc", true)]
    [InlineData("*", "", true)]
    [InlineData("", "x", false)]
    public void Match_Star_StandsForAnyRun(string pattern, string caller, bool matches) =>
        Assert.Equal(matches, Fits(new() { Caller = pattern }, RoutingLab.Ask() with { Caller = caller }));

    [Fact]
    public void Match_SeveralConditions_AllMustHold()
    {
        RouteMatchOptions match = new() { Project = "p", Stream = true, Tools = false };
        Assert.True(Fits(match, RoutingLab.Ask() with { Project = "p", Stream = true }));
        Assert.False(Fits(match, RoutingLab.Ask() with { Project = "p", Stream = false }));
        Assert.False(Fits(match, RoutingLab.Ask() with { Project = "p", Stream = true, Tools = true }));
        Assert.False(Fits(match, RoutingLab.Ask() with { Project = "q", Stream = true }));
    }

    [Fact]
    public void Match_BesideModels_BothMustHold() =>
        Assert.Equal("", Group(RoutingLab.Ask("gpt"), new RouteGroupOptions { Name = "g", Models = ["gpt"], Match = new() { Stream = true } }));

    private static bool Fits(RouteMatchOptions match, RouteFacts facts) => Group(facts, new RouteGroupOptions { Name = "g", Match = match }) == "g";

    private static string Group(RouteFacts facts, params RouteGroupOptions[] groups) => Lab(groups).Rank(facts).Route.Group;

    private static RoutingLab Lab(params RouteGroupOptions[] groups) => new(new InfermuxOptions
    {
        Providers = Providers,
        Routing = new RoutingOptions { Strategy = RoutingStrategy.Priority, Groups = groups },
    });
}
