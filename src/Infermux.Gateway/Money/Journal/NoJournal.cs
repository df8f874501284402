using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money.Journal;

/// <summary>The journal of <c>cluster.store: memory</c>: accounts do not survive the process either, so a replay would charge new ones for old requests.</summary>
internal sealed class NoJournal : ISettleJournal
{
    public Guid Incarnation { get; } = Guid.NewGuid();

    public long Unacknowledged => 0;

    public IReadOnlyList<JournaledAccount> Replay() => [];

    public JournalPlace Append(Guid incarnation, long number, Settlement settlement) => default;

    public void Acknowledge(Guid incarnation, string account, long number, IReadOnlyList<JournalPlace> places)
    {
    }

    public JournalSegment? Wasteful() => null;

    public void Release(JournalPlace place)
    {
    }

    public void Dispose()
    {
    }
}
