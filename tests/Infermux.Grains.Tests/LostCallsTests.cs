using Infermux.Grains.Contracts;
using Orleans.Runtime;
using Xunit;

namespace Infermux.Grains.Tests;

public sealed class LostCallsTests
{
    public static TheoryData<Exception> Lost =>
        [new TimeoutException(), new SiloUnavailableException(), new OrleansException(), new GatewayTooBusyException(), new OperationCanceledException("Message expired before placement could complete.")];

    [Theory]
    [MemberData(nameof(Lost))]
    public void Call_ThatNobodySaysWasMade_IsRepeated(Exception exception) => Assert.True(LostCalls.IsLost(exception));

    [Fact]
    public void Call_ThatItsOwnCallerGaveUp_IsNot() => Assert.False(LostCalls.IsLost(new OperationCanceledException(new CancellationToken(canceled: true))));

    [Fact]
    public void Failure_OfOurOwn_IsNot() => Assert.False(LostCalls.IsLost(new InvalidOperationException()));
}
