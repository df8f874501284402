namespace Infermux.Gateway.Costs;

/// <summary>Answer of <c>GET /_infermux/costs</c>.</summary>
/// <param name="Period">UTC month, <c>yyyy-MM</c>.</param>
/// <param name="TotalUsd">USD, exact.</param>
/// <param name="ByProvider">USD per provider, dearest first.</param>
/// <param name="ByModel">USD per model as providers know it, dearest first.</param>
/// <param name="Requests">Requests that were answered.</param>
/// <param name="PromptTokens">Prompt tokens.</param>
/// <param name="CompletionTokens">Completion tokens.</param>
/// <param name="EstimatedUsd">Of the total, marked estimated; absent where nothing is.</param>
/// <param name="UnsettledUsd">Of the total, charged at expiry; absent where nothing is.</param>
internal sealed record CostTotals(
    string Period,
    decimal TotalUsd,
    IReadOnlyDictionary<string, decimal> ByProvider,
    IReadOnlyDictionary<string, decimal> ByModel,
    long Requests,
    long PromptTokens,
    long CompletionTokens,
    decimal? EstimatedUsd,
    decimal? UnsettledUsd);
