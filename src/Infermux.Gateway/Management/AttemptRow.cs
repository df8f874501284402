using Infermux.Core.Failures;
using Infermux.Gateway.Requests;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Management;

/// <summary>One attempt in <c>requests/{id}</c>.</summary>
internal sealed record AttemptRow
{
    public required int Number { get; init; }

    public required string Provider { get; init; }

    public required string Model { get; init; }

    public required string Strategy { get; init; }

    public required string Group { get; init; }

    public required long CircuitGeneration { get; init; }

    public required bool Probe { get; init; }

    /// <summary>No silo was reached: the gateway chose by itself.</summary>
    public required bool Degraded { get; init; }

    public required IReadOnlyList<CandidateVerdict> Candidates { get; init; }

    public Hold? Hold { get; init; }

    public string? ModelOverride { get; init; }

    public required string PriceVersion { get; init; }

    public double? LatencyMs { get; init; }

    public int? Status { get; init; }

    public string? Failure { get; init; }

    public string? Message { get; init; }

    public long? PromptTokens { get; init; }

    public long? CompletionTokens { get; init; }

    public required decimal CostUsd { get; init; }

    public required SettleMark Mark { get; init; }

    public static AttemptRow Of(RememberedAttempt attempt) => new()
    {
        Number = attempt.Number,
        Provider = attempt.Provider,
        Model = attempt.TargetModel,
        Strategy = attempt.Strategy,
        Group = attempt.Group,
        CircuitGeneration = attempt.Generation,
        Probe = attempt.Probe,
        Degraded = attempt.Degraded,
        Candidates = attempt.Candidates,
        Hold = attempt.Hold,
        ModelOverride = attempt.ModelOverride,
        PriceVersion = attempt.PriceVersion,
        LatencyMs = attempt.Latency?.TotalMilliseconds,
        Status = attempt.Status,
        Failure = attempt.Failure is { } failure ? FailureRules.TagOf(failure.Class) : null,
        Message = attempt.Failure?.Message,
        PromptTokens = attempt.PromptTokens,
        CompletionTokens = attempt.CompletionTokens,
        CostUsd = attempt.Cost,
        Mark = attempt.Mark,
    };
}
