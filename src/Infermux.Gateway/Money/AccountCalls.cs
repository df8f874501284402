using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>Calls to accounts: bounded in number and in time. What ends without an answer may have happened; all of them are safe to repeat.</summary>
internal sealed class AccountCalls(Func<string, ICallerBudgetGrain> accounts, AccountMemory memory, SettlePace pace, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _room = new(pace.Parallel);

    /// <summary>Null when the account answered, else what happened instead.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> ended.</exception>
    public Task<Exception?> TryAsync(string account, Func<ICallerBudgetGrain, Task<AccountStamp>> call, CancellationToken stopping) =>
        TryAsync(account, Find(account), call, stopping);

    /// <summary>The grain of an account. Orleans looks up attributes to make the reference, so who calls often keeps it.</summary>
    public ICallerBudgetGrain Find(string account) => accounts(account);

    /// <summary>The same with the account's grain at hand.</summary>
    public async Task<Exception?> TryAsync(
        string account, ICallerBudgetGrain grain, Func<ICallerBudgetGrain, Task<AccountStamp>> call, CancellationToken stopping)
    {
        await _room.WaitAsync(stopping);
        try
        {
            var asked = memory.Uptime;
            memory.Heard(account, await call(grain).WaitAsync(pace.CallTimeout, time, stopping), asked);
            return null;
        }
        catch (Exception unanswered)
        {
            stopping.ThrowIfCancellationRequested();
            return unanswered; // whatever it was, the money is owed: the caller repeats and says so in the log
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();
}
