namespace Infermux.Gateway.Money.Journal;

/// <summary>The journal cannot be used; the message says where, why and what to do.</summary>
internal sealed class JournalException : Exception
{
    public JournalException()
    {
    }

    public JournalException(string message)
        : base(message)
    {
    }

    public JournalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
