namespace Infermux.Gateway.Costs;

/// <summary>Answer of <c>GET /_infermux/costs/by-caller</c>.</summary>
/// <param name="Period">UTC month, <c>yyyy-MM</c>.</param>
/// <param name="Callers">Dearest first.</param>
internal sealed record CostsByCaller(string Period, IReadOnlyList<CallerRow> Callers);
