namespace Infermux.Core.Budgets;

/// <summary>What became of a void.</summary>
public enum VoidOutcome
{
    /// <summary>What the operation held, or was charged at expiry, is given back.</summary>
    Given,

    /// <summary>There was nothing to do: it is resolved, or a later command of its sender was applied.</summary>
    Nothing,

    /// <summary>It came past its not-after.</summary>
    Late,
}
