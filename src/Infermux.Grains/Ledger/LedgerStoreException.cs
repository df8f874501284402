namespace Infermux.Grains.Ledger;

/// <summary>The ledger's store did not answer; whether a write happened is unknown. Repeat the batch with its number.</summary>
[GenerateSerializer, Alias("infermux.ledger-store-exception.v1")]
internal class LedgerStoreException : Exception
{
    public LedgerStoreException()
    {
    }

    public LedgerStoreException(string message)
        : base(message)
    {
    }

    public LedgerStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
