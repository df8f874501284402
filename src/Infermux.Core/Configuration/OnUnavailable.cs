using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Values of <c>on_unavailable</c>: what happens to a budgeted request while its account cannot be reached.</summary>
public enum OnUnavailable
{
    /// <summary>503 <c>budget_unavailable</c>.</summary>
    Deny,

    /// <summary>Up to 1 % of the limit per gateway and outage. Known value, not built yet: <c>validate</c> says so.</summary>
    [NotBuilt("capped", "Use 'deny' or 'allow'.")]
    Capped,

    /// <summary>Served, journaled, settled afterwards.</summary>
    Allow,
}
