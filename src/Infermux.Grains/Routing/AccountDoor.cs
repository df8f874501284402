using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Grains.Routing;

/// <summary>
/// The way of this process's reserves to one account. An account answers when its write is durable, and what comes meanwhile shares the next write anyway: so
/// it travels together too, in one call once the call under way is answered, which adds no wait. A call that is not answered in <see cref="Young"/> is not
/// waited for.
/// </summary>
internal sealed class AccountDoor(ICallerBudgetGrain account, TimeProvider time)
{
    /// <summary>Until when a call under way is worth waiting for. 20 ms: several writes of a store in health.</summary>
    public static readonly TimeSpan Young = TimeSpan.FromMilliseconds(20);

    /// <summary>Commands in one call. 128: some 30 KB.</summary>
    public const int Largest = 128;

    private readonly Lock _gate = new();
    private List<Waiting> _waiting = [];
    private int _underWay;
    private long _lastSentAt;

    /// <summary>The account itself, for commands that do not wait for company.</summary>
    public ICallerBudgetGrain Account => account;

    /// <summary>The account's answer; fails as a call to it does.</summary>
    public Task<ReserveAnswer> ReserveAsync(ReserveCommand command)
    {
        var waiting = new Waiting(command);
        List<Waiting> leaving;
        lock (_gate)
        {
            _waiting.Add(waiting);
            if (_underWay > 0 && _waiting.Count < Largest && time.GetElapsedTime(_lastSentAt) < Young)
            {
                return waiting.Task;
            }

            leaving = Leave();
        }

        _ = SendAsync(leaving);
        return waiting.Task;
    }

    // Under the gate.
    private List<Waiting> Leave()
    {
        var leaving = _waiting;
        (_waiting, _lastSentAt) = ([], time.GetTimestamp());
        _underWay++;
        return leaving;
    }

    private async Task SendAsync(List<Waiting> commands)
    {
        for (var sent = commands; sent is not null; sent = Next())
        {
            await AskAsync(sent);
        }
    }

    private List<Waiting>? Next()
    {
        lock (_gate)
        {
            _underWay--;
            return _waiting.Count > 0 ? Leave() : null;
        }
    }

    /// <summary>Never fails: what the call fails with reaches those who wait for it.</summary>
    private async Task AskAsync(List<Waiting> sent)
    {
        try
        {
            if (sent is [var single])
            {
                single.SetResult(await account.ReserveAsync(single.Command));
                return;
            }

            var answers = await account.ReserveManyAsync(new([.. sent.Select(waiting => waiting.Command)]));
            for (var i = 0; i < sent.Count; i++)
            {
                sent[i].SetResult(answers[i]);
            }
        }
        catch (Exception failure)
        {
            foreach (var waiting in sent)
            {
                waiting.TrySetException(failure);
            }
        }
    }

    private sealed class Waiting(ReserveCommand command) : TaskCompletionSource<ReserveAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ReserveCommand Command => command;
    }
}
