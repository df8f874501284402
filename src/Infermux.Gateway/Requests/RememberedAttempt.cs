using Infermux.Core.Failures;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Requests;

/// <summary>One attempt as a <see cref="RememberedRequest"/> keeps it.</summary>
internal sealed class RememberedAttempt
{
    public int Number { get; private set; }

    public string Provider { get; private set; } = "";

    public string TargetModel { get; private set; } = "";

    public string Strategy { get; private set; } = "";

    public string Group { get; private set; } = "";

    public long Generation { get; private set; }

    public bool Probe { get; private set; }

    public bool Degraded { get; private set; }

    public IReadOnlyList<CandidateVerdict> Candidates { get; private set; } = [];

    public Hold? Hold { get; private set; }

    public string? ModelOverride { get; private set; }

    public string PriceVersion { get; private set; } = "";

    public TimeSpan? Latency { get; private set; }

    public int? Status { get; private set; }

    public ProviderFailure? Failure { get; private set; }

    public long? PromptTokens { get; private set; }

    public long? CompletionTokens { get; private set; }

    public decimal Cost { get; private set; }

    public SettleMark Mark { get; private set; }

    public void Take(AttemptRecord attempt)
    {
        var selection = attempt.Selection;
        Number = attempt.Number;
        (Provider, TargetModel, Strategy, Group) = (selection.Provider, selection.TargetModel, selection.Strategy, selection.Group);
        (Generation, Probe, Candidates) = (selection.Generation, selection.ProbePermit is not null, selection.Candidates);
        Degraded = selection.Degraded;
        (Hold, ModelOverride, PriceVersion) = (selection.Hold, selection.ModelOverride, selection.PriceVersion);
        (Latency, Status, Failure) = (attempt.Latency, attempt.Status, attempt.Failure);
        (PromptTokens, CompletionTokens) = (attempt.Usage?.Prompt, attempt.Usage?.Output);
        (Cost, Mark) = (attempt.Cost, attempt.Mark);
    }
}
