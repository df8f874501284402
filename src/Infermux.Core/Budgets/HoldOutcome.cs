namespace Infermux.Core.Budgets;

/// <summary>What an account decides about a <see cref="HoldRequest"/>. Stored: numbers never change.</summary>
public enum HoldOutcome
{
    /// <summary>Held.</summary>
    Granted = 0,

    /// <summary>It would take settled + held over the limit.</summary>
    Denied = 1,

    /// <summary>Not held: to be asked again for the replacement model.</summary>
    Override = 2,

    /// <summary>It came past its not-after, behind a later command, or for an operation that is resolved.</summary>
    Late = 3,

    /// <summary>No budget acts; nothing is held.</summary>
    NotNeeded = 4,

    /// <summary>
    /// Nothing is held: the account was activated anew since the sender last heard of it, and a delayed command would look the same. To be sent again with
    /// the answer's incarnation, by the sender itself.
    /// </summary>
    Moved = 5,

    /// <summary>The limit is hard, and the ledger behind it is not the one it was: emptied or set back, and not adopted since.</summary>
    Doubted = 6,
}
