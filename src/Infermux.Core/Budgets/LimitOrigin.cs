namespace Infermux.Core.Budgets;

/// <summary>Where an account's limit comes from.</summary>
public enum LimitOrigin
{
    /// <summary>No limit is set.</summary>
    None = 0,

    /// <summary>An entry of <c>budgets</c> that names the caller.</summary>
    File = 1,

    /// <summary>The entry for <c>*</c>.</summary>
    Template = 2,

    /// <summary>The management API; kept with the account and stronger than the file.</summary>
    Api = 3,
}
