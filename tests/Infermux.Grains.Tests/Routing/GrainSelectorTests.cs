using Infermux.Grains.Contracts.Routing;
using Infermux.Grains.Routing;
using Infermux.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Grains.Tests.Routing;

public sealed class GrainSelectorTests
{
    [Fact]
    public async Task Select_NoAnswerIn1500Ms_IsLost()
    {
        var time = new FakeTimeProvider();
        var silent = Forwarding.To<IRouterGrain>(static (_, _) => new ValueTask<Selection>(new TaskCompletionSource<Selection>().Task));
        var selector = new GrainSelector(Forwarding.To<IGrainFactory>((_, _) => silent), time);

        var selecting = selector.SelectAsync(new RouterLab(RouterLab.Options("a")).Ask()).AsTask();

        time.Advance(TimeSpan.FromMilliseconds(1_499));
        Assert.False(selecting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(selecting.IsCompleted);
        await Assert.ThrowsAsync<TimeoutException>(() => selecting);
    }
}
