namespace Infermux.Core.Budgets;

/// <summary>What one attempt cost.</summary>
/// <param name="Provider">Who billed it.</param>
/// <param name="TargetModel">The model billed.</param>
/// <param name="PromptTokens">Prompt tokens.</param>
/// <param name="CompletionTokens">Completion tokens.</param>
/// <param name="Cost">USD.</param>
/// <param name="Mark">How sure it is.</param>
/// <param name="Succeeded">Whether it answered the caller.</param>
public sealed record BillLine(
    string Provider, string TargetModel, long PromptTokens, long CompletionTokens, decimal Cost, BillMark Mark, bool Succeeded);
