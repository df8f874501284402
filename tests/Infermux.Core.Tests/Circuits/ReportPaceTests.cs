using Infermux.Core.Circuits;
using Xunit;

namespace Infermux.Core.Tests.Circuits;

public sealed class ReportPaceTests
{
    [Theory]
    [InlineData(0, 200)]
    [InlineData(80, 200)]
    [InlineData(160, 400)]
    [InlineData(1_000, 2_500)]
    public void For_SoManyProcesses_StretchesPastEighty(int processes, int milliseconds) =>
        Assert.Equal(milliseconds, ReportPace.Reports.For(processes).TotalMilliseconds);
}
