namespace Infermux.Grains.Contracts;

/// <summary>
/// Which failures of a call say nothing about what happened, and how long to wait before it is repeated by its id. One place, so that whoever asks a
/// selection and whoever asks an account mean the same by a lost silo.
/// </summary>
public static class LostCalls
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// TimeoutException: unknown; OrleansMessageRejectionException and SiloUnavailableException: not delivered; InconsistentStateException and OrleansException
    /// around a storage error: the owner reloads. The last four are all OrleansException. And a cancellation that nobody asked for: Orleans gives up a call that
    /// grew too old before it had a place for its grain, which is how a silo that leaves under load shows.
    /// </summary>
    public static bool IsLost(Exception exception) => exception is TimeoutException or OrleansException
        or OperationCanceledException { CancellationToken.IsCancellationRequested: false };

    /// <summary>The wait before repeat number <paramref name="repeat"/> (1 …): 25 ms, doubling to 1 s, ± 20 % so that those who lost the same silo do not repeat in step.</summary>
    public static TimeSpan Pause(int repeat, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var doubled = FirstPause * Math.Pow(2, Math.Min(repeat - 1, 20));
        return (doubled < LongestPause ? doubled : LongestPause) * (0.8 + (0.4 * random.NextDouble()));
    }
}
