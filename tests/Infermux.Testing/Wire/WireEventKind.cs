namespace Infermux.Testing;

/// <summary>Where in a stream an event stands, which is what faults count by.</summary>
internal enum WireEventKind
{
    /// <summary>Before content: role, message start, block start.</summary>
    Opening,

    /// <summary>Content.</summary>
    Content,

    /// <summary>After content: finish, usage.</summary>
    Ending,

    /// <summary>The terminal mark.</summary>
    Terminal,
}
