namespace Infermux.Core.Routing;

/// <summary>
/// Stops asking accounts that cannot store. Three of their own answers "store unavailable" in a row stop it for a second, then one question goes out.
/// Timeouts do not count: they are what a lost silo looks like, and the next one answers. Thread-safe.
/// </summary>
public sealed class LedgerBreaker
{
    /// <summary>Answers in a row that stop it.</summary>
    public const int Limit = 3;

    /// <summary>How long it stays stopped, and how long a question may stay unanswered before the next goes out.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _inARow;
    private DateTimeOffset _askAgain;

    /// <summary>Whether it is stopped: the next question is a probe, whose answer nobody should wait for.</summary>
    public bool IsStopped => Volatile.Read(ref _inARow) >= Limit;

    /// <summary>Whether to ask. While stopped, one caller a second gets true.</summary>
    public bool MayAsk(DateTimeOffset now)
    {
        if (Volatile.Read(ref _inARow) < Limit)
        {
            return true;
        }

        lock (_lock)
        {
            if (_inARow >= Limit && now < _askAgain)
            {
                return false;
            }

            _askAgain = now + Pause;
            return true;
        }
    }

    /// <summary>An account answered.</summary>
    public void Answered(bool storeUnavailable, DateTimeOffset now)
    {
        if (!storeUnavailable && Volatile.Read(ref _inARow) == 0)
        {
            return;
        }

        lock (_lock)
        {
            _inARow = storeUnavailable ? _inARow + 1 : 0;
            _askAgain = now + Pause;
        }
    }
}
