namespace Infermux.EmbeddedStore;

/// <summary>The store cannot start; the message says why and how to mend it.</summary>
public sealed class EmbeddedStoreException : Exception
{
    /// <summary>An exception that says how to mend it.</summary>
    public EmbeddedStoreException(string message, Exception? inner) : base(message, inner) { }

    /// <summary>For serializers and analyzers; use the first one.</summary>
    public EmbeddedStoreException() { }

    /// <summary>An exception that says how to mend it.</summary>
    public EmbeddedStoreException(string message) : base(message) { }
}
