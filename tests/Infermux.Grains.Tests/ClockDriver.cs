using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Grains.Tests;

/// <summary>
/// Moves the clock until something has happened. One step is not enough: a grain's timer counts its period from the end of the last tick, and a deadline
/// from when it was set, which may be a moment after the test's step.
/// </summary>
internal static class ClockDriver
{
    public static async Task<T> AdvanceUntilAsync<T>(FakeTimeProvider time, Task<T> happened, TimeSpan? step = null)
    {
        var each = step ?? TimeSpan.FromSeconds(1);
        for (var steps = 0; !happened.IsCompleted; steps++)
        {
            Assert.True(steps < 300, $"nothing happened in {(steps * each).TotalSeconds} s of the test's clock");
            time.Advance(each);
            await Task.WhenAny(happened, Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
        }

        return await happened;
    }
}
