namespace Infermux.Gateway.Inference.Attempts;

/// <summary>
/// How many answers are read to their end although their caller left, because the vendor bills them in full anyway: at most a tenth of the attempts in
/// flight (and always one), each for 30 s.
/// </summary>
internal sealed class BackgroundReads
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private int _running;
    private int _reading;

    public void AttemptBegan() => Interlocked.Increment(ref _running);

    public void AttemptEnded() => Interlocked.Decrement(ref _running);

    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _reading) <= Math.Max(1, Volatile.Read(ref _running) / 10))
        {
            return true;
        }

        Interlocked.Decrement(ref _reading);
        return false;
    }

    public void End() => Interlocked.Decrement(ref _reading);
}
