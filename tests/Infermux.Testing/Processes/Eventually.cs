namespace Infermux.Testing;

/// <summary>Waits for something in another process, which gives no signal to wait for.</summary>
public static class Eventually
{
    /// <summary>Asks ten times a second until it holds.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="limit"/>.</exception>
    public static async Task HoldsAsync(Func<Task<bool>> holds, TimeSpan limit, Func<string> what)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(started) >= limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds} s: {what()}");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
