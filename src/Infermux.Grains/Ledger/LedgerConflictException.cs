namespace Infermux.Grains.Ledger;

/// <summary>Another activation wrote the same day in between; nothing was written. Repeat the batch with its number.</summary>
[GenerateSerializer, Alias("infermux.ledger-conflict-exception.v1")]
internal sealed class LedgerConflictException : LedgerStoreException
{
    public LedgerConflictException()
    {
    }

    public LedgerConflictException(string message)
        : base(message)
    {
    }

    public LedgerConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
