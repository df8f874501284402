using Infermux.Hosting.Clustering.Neighbours;
using Xunit;

namespace Infermux.Hosting.Tests.Clustering;

public sealed class NeighbourRulesTests
{
    [Theory]
    [InlineData("R", "0")] // two silos: the other one is gone
    [InlineData("LR", "1")]
    [InlineData("LRR", "12")]
    [InlineData("SR", "")] // nobody but the one in doubt answers
    [InlineData("RR", "")] // all refuse: rather we are cut off
    [InlineData("SL", "")] // silent is not gone
    [InlineData("S", "")]
    [InlineData("LL", "")]
    [InlineData("", "")]
    public void Gone_IsWhoRefuses_WhereSomebodyElseListens(string answers, string gone) => Assert.Equal(
        gone,
        string.Concat(NeighbourRules.Gone([.. answers.Select((answer, n) => (n, answer switch
        {
            'L' => NeighbourAnswer.Listens,
            'R' => NeighbourAnswer.Refuses,
            _ => NeighbourAnswer.Silent,
        }))])));
}
