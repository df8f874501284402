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

    [Theory]
    [InlineData(0, false, 3, 500)]
    [InlineData(31, false, 3, 500)]
    [InlineData(32, false, 3, 200)]
    [InlineData(0, true, 3, 50)]
    [InlineData(32, true, 3, 50)]
    [InlineData(31, false, 160, 500)]
    [InlineData(31, false, 400, 1_000)]
    [InlineData(32, false, 160, 400)]
    public void Wait_ForOutcomes_IsShorterWhereThereIsCompany(int outcomes, bool countsPlaces, int processes, int milliseconds) =>
        Assert.Equal(milliseconds, ReportPace.Wait(outcomes, countsPlaces, processes).TotalMilliseconds);
}
