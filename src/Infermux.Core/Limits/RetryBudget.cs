namespace Infermux.Core.Limits;

/// <summary>
/// Bounds what failover adds to an outage: an extra attempt takes a token when dispatched and gets it back at first content; each request adds
/// <c>retry_budget</c> of a token, up to max(50, requests of the last second). A dead primary costs nothing, since its failovers succeed; an outage of
/// everything settles at 1 + <c>retry_budget</c> attempts per request. One per gateway process and group. Safe for any number of threads.
/// </summary>
/// <param name="refill">Tokens a request adds, 0 to 1.</param>
public sealed class RetryBudget(double refill = 0.2)
{
    private const double Floor = 50;
    private readonly Lock _gate = new();
    private double _tokens = Floor;
    private long _second = long.MinValue;
    private int _requests;
    private int _requestsBefore;

    /// <summary>Tokens left, for display.</summary>
    public double Tokens
    {
        get
        {
            lock (_gate)
            {
                return _tokens;
            }
        }
    }

    /// <summary>A request arrives; call once per request, before its first attempt.</summary>
    public void Requested(DateTimeOffset now)
    {
        lock (_gate)
        {
            Count(now.ToUnixTimeSeconds());
            _requests++;
            _tokens = Math.Min(_tokens + refill, Cap);
        }
    }

    /// <summary>An extra attempt wants to go out; false where the budget is spent.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }

    /// <summary>An extra attempt that had taken a token reached first content.</summary>
    public void GiveBack()
    {
        lock (_gate)
        {
            _tokens = Math.Min(_tokens + 1, Cap);
        }
    }

    private double Cap => Math.Max(Floor, Math.Max(_requests, _requestsBefore));

    private void Count(long second)
    {
        if (second > _second)
        {
            _requestsBefore = second == _second + 1 ? _requests : 0;
            (_second, _requests) = (second, 0);
        }
    }
}
