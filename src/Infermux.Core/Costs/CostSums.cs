namespace Infermux.Core.Costs;

/// <summary>Sums over attempts.</summary>
/// <param name="Requests">Attempts that answered a caller.</param>
/// <param name="FailedAttempts">Attempts billed although they did not answer.</param>
/// <param name="PromptTokens">Prompt tokens.</param>
/// <param name="CompletionTokens">Completion tokens.</param>
/// <param name="Cost">USD, exact.</param>
/// <param name="EstimatedCost">Of it, marked estimated.</param>
/// <param name="UnsettledCost">Of it, charged at expiry.</param>
public readonly record struct CostSums(
    long Requests, long FailedAttempts, long PromptTokens, long CompletionTokens, decimal Cost, decimal EstimatedCost, decimal UnsettledCost)
{
    /// <summary>Both together.</summary>
    public static CostSums operator +(CostSums left, CostSums right) => new(
        left.Requests + right.Requests,
        left.FailedAttempts + right.FailedAttempts,
        left.PromptTokens + right.PromptTokens,
        left.CompletionTokens + right.CompletionTokens,
        left.Cost + right.Cost,
        left.EstimatedCost + right.EstimatedCost,
        left.UnsettledCost + right.UnsettledCost);

    /// <summary>What takes these sums away again.</summary>
    public static CostSums operator -(CostSums sums) => new(
        -sums.Requests, -sums.FailedAttempts, -sums.PromptTokens, -sums.CompletionTokens, -sums.Cost, -sums.EstimatedCost, -sums.UnsettledCost);
}
