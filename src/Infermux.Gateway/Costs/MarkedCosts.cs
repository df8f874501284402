namespace Infermux.Gateway.Costs;

/// <summary>Answer of <c>GET /_infermux/costs/marked</c>: what was not counted by a provider. Without these rows the ledger equals the providers' bills exactly.</summary>
/// <param name="Period">UTC month, <c>yyyy-MM</c>.</param>
/// <param name="EstimatedUsd">USD of attempts whose provider reported nothing.</param>
/// <param name="UnsettledUsd">USD charged at expiry, since the process that read the answer died; a late settle takes it away again.</param>
/// <param name="Rows">In order of day, caller, provider and model.</param>
internal sealed record MarkedCosts(string Period, decimal EstimatedUsd, decimal UnsettledUsd, IReadOnlyList<MarkedRow> Rows);
