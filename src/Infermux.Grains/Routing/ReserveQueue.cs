using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Grains.Routing;

/// <summary>
/// The way of this process's reserves to one account: one call is under way, and what comes meanwhile shares the next. The owner would have it wait for the
/// write under way in any case, so a busy account costs a call for each write instead of one for each request. Who waited for a store that proves to be away
/// is told so at once, as the owner tells all who wait for a write that failed.
/// </summary>
internal sealed class ReserveQueue(ICallerBudgetGrain account) : IThreadPoolWorkItem
{
    /// <summary>Most reserves in one call: some 200 KB.</summary>
    public const int Largest = 500;

    private readonly Lock _gate = new();
    private List<Waiting> _waiting = [];
    private bool _asking;

    /// <summary>The account, for what must not wait here.</summary>
    public ICallerBudgetGrain Account => account;

    /// <summary>The account's answer. Fails as a call to it does; all that share a call fail alike.</summary>
    public Task<ReserveAnswer> AskAsync(ReserveCommand command)
    {
        lock (_gate)
        {
            if (_asking)
            {
                var waiting = new Waiting(command);
                _waiting.Add(waiting);
                return waiting.Task;
            }

            _asking = true;
        }

        return AskAloneAsync(command);
    }

    /// <summary>Sends what waits, in nobody's context: the call belongs to all of them.</summary>
    void IThreadPoolWorkItem.Execute() => _ = AskAllAsync(Take(Largest));

    private async Task<ReserveAnswer> AskAloneAsync(ReserveCommand command)
    {
        ReserveAnswer? answer = null;
        try
        {
            answer = await account.ReserveAsync(command).ConfigureAwait(false); // those behind it are not to wait for a turn of this caller's grain
            return answer;
        }
        finally
        {
            GoOn(answer);
        }
    }

    private async Task AskAllAsync(List<Waiting> asked)
    {
        ReserveAnswer? last = null;
        try
        {
            var answers = (await account.ReserveAllAsync(new(asked.ConvertAll(static waiting => waiting.Command)))).Answers;
            for (var i = 0; i < asked.Count; i++)
            {
                asked[i].SetResult(last = answers[i]);
            }
        }
        catch (Exception failure)
        {
            asked.ForEach(waiting => waiting.TrySetException(failure)); // each of them knows what it means
        }

        GoOn(last);
    }

    private void GoOn(ReserveAnswer? last)
    {
        if (last is { Outcome: ReserveOutcome.StoreUnavailable })
        {
            Take(int.MaxValue).ForEach(waiting => waiting.SetResult(last));
        }

        bool more;
        lock (_gate)
        {
            more = _asking = _waiting.Count > 0;
        }

        if (more)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private List<Waiting> Take(int most)
    {
        lock (_gate)
        {
            var taken = _waiting;
            (taken, _waiting) = taken.Count <= most ? (taken, []) : (taken[..most], taken[most..]);
            return taken;
        }
    }

    private sealed class Waiting(ReserveCommand command) : TaskCompletionSource<ReserveAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ReserveCommand Command => command;
    }
}
