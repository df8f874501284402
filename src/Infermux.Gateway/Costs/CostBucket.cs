namespace Infermux.Gateway.Costs;

/// <summary>One bucket of <c>GET /_infermux/costs/timeseries</c>.</summary>
/// <param name="Start">Its first moment, UTC.</param>
/// <param name="TotalUsd">USD, exact.</param>
/// <param name="Requests">Requests that were answered.</param>
/// <param name="PromptTokens">Prompt tokens.</param>
/// <param name="CompletionTokens">Completion tokens.</param>
/// <param name="By">USD per name of the dimension asked for; absent when none was.</param>
internal sealed record CostBucket(
    DateTimeOffset Start, decimal TotalUsd, long Requests, long PromptTokens, long CompletionTokens, IReadOnlyDictionary<string, decimal>? By);
