namespace Infermux.Gateway.Costs;

/// <summary>What went wrong, as every error of the gateway says it.</summary>
internal sealed record CostErrorDetail(string Message, string Type, string Code, string? Param);
