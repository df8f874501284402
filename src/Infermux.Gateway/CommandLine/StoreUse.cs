namespace Infermux.Gateway.CommandLine;

/// <summary>What a <c>state</c> verb does with the store, and so who else may use it meanwhile.</summary>
internal enum StoreUse
{
    /// <summary>One small question or write; a process may run on it.</summary>
    Shared,

    /// <summary>All of it is read: nobody may write meanwhile.</summary>
    CopiedFrom,

    /// <summary>All of it is written: nobody may use it meanwhile; an embedded one is made where there is none.</summary>
    CopiedTo,
}
