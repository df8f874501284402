namespace Infermux.Gateway.Money.Journal;

/// <summary>First byte of a record; a changed layout gets a new value.</summary>
internal enum JournalRecordKind : byte
{
    /// <summary>Incarnation, number, settlement as JSON.</summary>
    Settle = 1,

    /// <summary>Incarnation, number, account as UTF-8: that account has everything up to the number.</summary>
    Acknowledge = 2,
}
