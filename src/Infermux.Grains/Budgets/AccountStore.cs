using Infermux.Grains.Budgets.Records;
using Orleans.Storage;

namespace Infermux.Grains.Budgets;

/// <summary>
/// The stored form of one account, with deadlines. It speaks to the storage provider itself and not through <c>IPersistentState</c>, for two reasons: that
/// one reads while the grain activates, so a store that is away would fail the activation and the account could not say so; and a write given up at its
/// deadline goes on in the background and would later change the ETag under the feet of the next one. Here each try has a slot of its own.
/// </summary>
internal sealed class AccountStore(IGrainStorage storage, GrainId account, TimeProvider time)
{
    /// <summary>Name of the storage provider.</summary>
    public const string Provider = "infermux";

    /// <summary>Name of the state; part of the stored key.</summary>
    public const string State = "account";

    /// <summary>How long the store may take.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    private GrainState<AccountRecord> _slot = new(new AccountRecord());

    /// <summary>Whether the store has a record of it, as last read or written.</summary>
    public bool Exists => _slot.RecordExists;

    /// <summary>What is stored; null where nothing is.</summary>
    public async Task<AccountRecord?> ReadAsync()
    {
        var slot = new GrainState<AccountRecord>(new AccountRecord());
        await storage.ReadStateAsync(State, account, slot).WaitAsync(Deadline, time);
        _slot = slot;
        return slot.RecordExists ? slot.State : null;
    }

    /// <summary>Stores over what was last read or written. After an exception it may or may not be stored: read again before the next write.</summary>
    public async Task WriteAsync(AccountRecord record)
    {
        var slot = new GrainState<AccountRecord>(record, _slot.ETag) { RecordExists = _slot.RecordExists };
        await storage.WriteStateAsync(State, account, slot).WaitAsync(Deadline, time);
        _slot = slot;
    }
}
