using Infermux.Grains.Contracts;
using Orleans.Runtime;
using Xunit;

namespace Infermux.Grains.Tests.Contracts;

public sealed class LostCallsTests
{
    [Fact]
    public void IsLost_ASiloThatShedsLoad_IsAskedAgainLikeOneThatDied() => Assert.True(LostCalls.IsLost(new GatewayTooBusyException()));
}
