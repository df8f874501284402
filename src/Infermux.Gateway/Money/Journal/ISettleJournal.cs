using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money.Journal;

/// <summary>Remembers settlements until they are acknowledged, through a kill -9 of this process.</summary>
internal interface ISettleJournal : IDisposable
{
    /// <summary>This start of the process; never used by another.</summary>
    Guid Incarnation { get; }

    /// <summary>Bytes of settlements not yet acknowledged.</summary>
    long Unacknowledged { get; }

    /// <summary>What earlier incarnations left unacknowledged, per incarnation and account, ascending by number.</summary>
    IReadOnlyList<JournaledAccount> Replay();

    /// <summary>Writes one settlement. When the disk refuses, that is logged and the settlement lives in memory alone.</summary>
    JournalPlace Append(Guid incarnation, long number, Settlement settlement);

    /// <summary>The account has everything up to <paramref name="number"/>; <paramref name="places"/> are the settlements this acknowledges for the first time.</summary>
    void Acknowledge(Guid incarnation, string account, long number, IReadOnlyList<JournalPlace> places);

    /// <summary>The segment whose last few settlements should be written again so that it can be deleted; null while the files are not mostly waste.</summary>
    JournalSegment? Wasteful();

    /// <summary>A settlement was written again elsewhere: its old place is free.</summary>
    void Release(JournalPlace place);
}
