namespace Infermux.Gateway.Costs;

/// <summary>The error envelope.</summary>
internal sealed record CostError(CostErrorDetail Error);
