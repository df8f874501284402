namespace Infermux.Grains.Contracts.Budgets;

/// <summary>
/// Owns the money of one caller: limit, settled, open holds. Nothing is acknowledged before it is stored. Key: the account, which is the caller's name, or
/// <c>*overflow</c>. A call that times out may have happened: it is repeated by operation and sequence, or by number. All but a reserve fail with
/// <see cref="AccountUnavailableException"/> while the account cannot store.
/// </summary>
[GrainInterfaceType("infermux.caller-budget")]
public interface ICallerBudgetGrain : IGrainWithStringKey
{
    /// <summary>Reserves the first line of an operation or extends it by another; safe to repeat by operation and sequence.</summary>
    [Alias("reserve"), ResponseTimeout("00:00:01.500")]
    ValueTask<ReserveAnswer> ReserveAsync(ReserveCommand command);

    /// <summary>The same for several operations, stored together; safe to repeat, also cut otherwise.</summary>
    [Alias("reserve-all"), ResponseTimeout("00:00:01.500")]
    ValueTask<ReserveAnswers> ReserveAllAsync(ReserveBatch batch);

    /// <summary>Gives everything an operation holds back; safe to repeat, stops a reserve that is still on its way, and is refused past its not-after.</summary>
    [Alias("void"), ResponseTimeout("00:00:01.500")]
    Task<VoidAnswer> VoidAsync(VoidCommand command);

    /// <summary>Books what was billed; always accepted, exactly once per (gateway incarnation, batch number).</summary>
    [Alias("settle"), ResponseTimeout("00:00:01.500")]
    Task<AccountStamp> SettleAsync(SettleBatch batch);

    /// <summary>Keeps holds alive and tells their running actuals.</summary>
    [Alias("refresh"), ResponseTimeout("00:00:01.500")]
    Task<AccountStamp> RefreshAsync(RefreshBatch batch);

    /// <summary>The account as it stands.</summary>
    [Alias("get")]
    ValueTask<AccountView> GetAsync();

    /// <summary>Replaces the file's limit until it is cleared with null.</summary>
    [Alias("override-limit")]
    ValueTask<AccountView> OverrideLimitAsync(LimitOverride? limit);
}
