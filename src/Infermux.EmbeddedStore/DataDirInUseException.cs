namespace Infermux.EmbeddedStore;

/// <summary>The <c>cluster.data_dir</c> belongs to another process, or cannot be locked; the message says how to mend it.</summary>
public sealed class DataDirInUseException : Exception
{
    /// <summary>An exception that says how to mend it.</summary>
    public DataDirInUseException(string message, Exception? inner) : base(message, inner) { }

    /// <summary>For serializers and analyzers; use the other one.</summary>
    public DataDirInUseException() { }

    /// <summary>An exception that says how to mend it.</summary>
    public DataDirInUseException(string message) : base(message) { }
}
