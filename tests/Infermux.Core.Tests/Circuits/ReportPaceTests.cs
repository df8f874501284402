using Infermux.Core.Circuits;
using Xunit;

namespace Infermux.Core.Tests.Circuits;

public sealed class ReportPaceTests
{
    [Theory]
    [InlineData(0, 50)]
    [InlineData(20, 50)]
    [InlineData(40, 100)]
    [InlineData(1_000, 2_500)]
    public void For_SoManyProcesses_StretchesPastTwenty(int processes, int milliseconds) =>
        Assert.Equal(milliseconds, ReportPace.Reports.For(processes).TotalMilliseconds);
}
