namespace Infermux.Core.Configuration;

/// <summary>Values of <c>on_unavailable</c>: what happens to a budgeted request while its account cannot be reached.</summary>
public enum OnUnavailable
{
    /// <summary>503 <c>budget_unavailable</c>.</summary>
    Deny,

    /// <summary>Served up to 1 % of the file's limit ÷ gateways last seen, per gateway and period, and settled afterwards; past that as <c>deny</c>.</summary>
    Capped,

    /// <summary>Served, journaled, settled afterwards.</summary>
    Allow,
}
