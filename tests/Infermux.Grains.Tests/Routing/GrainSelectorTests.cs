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

    [Fact]
    public async Task Select_RouterThatDoesNotAnswer_IsPassedOverUntilOneCallAfterItsRestFindsItWell()
    {
        var (time, called, silent) = (new FakeTimeProvider(), new List<long>(), true);
        var factory = Forwarding.To<IGrainFactory>((_, arguments) => Forwarding.To<IRouterGrain>((_, _) =>
        {
            called.Add((long)arguments[0]!);
            return new ValueTask<Selection>(silent && called[^1] == 5 ? new TaskCompletionSource<Selection>().Task : Task.FromResult<Selection>(null!));
        }));
        var (selector, request) = (new GrainSelector(factory, time), new RouterLab(RouterLab.Options("a")).Ask());
        var first = Enumerable.Range(0, 12).Select(_ => selector.SelectAsync(request).AsTask()).ToArray();
        Assert.Equal(12, called.Distinct().Count()); // each through a silo of its own, where there are as many
        var waiting = first.Single(call => !call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1.5));
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);

        Assert.Equal(0, await AskedAsync());
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, await AskedAsync()); // on trial, and still silent
        time.Advance(TimeSpan.FromSeconds(1.5));
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        time.Advance(TimeSpan.FromSeconds(3));
        silent = false;
        Assert.Equal(2, await AskedAsync());

        async Task<int> AskedAsync()
        {
            called.Clear();
            for (var turn = 0; turn < 24; turn++)
            {
                var call = selector.SelectAsync(request).AsTask();
                if (called[^1] == 5 && silent)
                {
                    waiting = call;
                }
                else
                {
                    await call;
                }
            }

            return called.Count(key => key == 5);
        }
    }
}
