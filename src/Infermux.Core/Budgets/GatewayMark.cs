namespace Infermux.Core.Budgets;

/// <summary>How far a gateway's bills have been applied.</summary>
/// <param name="Number">The last bill.</param>
/// <param name="SeenAt">When it came.</param>
public readonly record struct GatewayMark(long Number, DateTimeOffset SeenAt);
