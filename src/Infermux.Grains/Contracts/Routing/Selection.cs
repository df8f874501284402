using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Grains.Contracts.Routing;

/// <summary>The answer to a <see cref="SelectRequest"/>.</summary>
[GenerateSerializer, Immutable, Alias("infermux.selection.v1")]
public sealed record Selection
{
    /// <summary>How it ended; the fields below that do not belong to it are empty.</summary>
    [Id(0)] public required SelectionOutcome Outcome { get; init; }

    /// <summary>The provider's name.</summary>
    [Id(1)] public string Provider { get; init; } = "";

    /// <summary>The model name sent upstream.</summary>
    [Id(2)] public string TargetModel { get; init; } = "";

    /// <summary>Generation of the circuit the attempt was admitted under; goes back with its outcome.</summary>
    [Id(3)] public long Generation { get; init; }

    /// <summary>Set when the attempt is the half-open probe: the permit goes back with its outcome.</summary>
    [Id(4)] public Guid? ProbePermit { get; init; }

    /// <summary>Set for a probe: the limit of its first content (of a whole answer, where the file sets <c>probe_timeout</c>).</summary>
    [Id(5)] public TimeSpan? ProbeTimeout { get; init; }

    /// <summary>Strategy that chose, as spelled in the file.</summary>
    [Id(6)] public string Strategy { get; init; } = "";

    /// <summary>Matching group; empty where none.</summary>
    [Id(7)] public string Group { get; init; } = "";

    /// <summary>The account and what it holds; null where no budget acts.</summary>
    [Id(8)] public Hold? Hold { get; init; }

    /// <summary>Set when the budget replaced the model: the replacement, which <see cref="TargetModel"/> may alias further.</summary>
    [Id(9)] public string? ModelOverride { get; init; }

    /// <summary>Version of the price table that was used.</summary>
    [Id(10)] public string PriceVersion { get; init; } = "";

    /// <summary>Hash of the configuration that was used.</summary>
    [Id(11)] public string ConfigurationHash { get; init; } = "";

    /// <summary>What the budget says, on <see cref="SelectionOutcome.BudgetExceeded"/>.</summary>
    [Id(12)] public BudgetRefusal? Budget { get; init; }

    /// <summary>The earliest known end of what holds candidates back; null where no time is known.</summary>
    [Id(13)] public TimeSpan? RetryAfter { get; init; }

    /// <summary>Every provider looked at and what became of it, in the order of preference.</summary>
    [Id(14)] public IReadOnlyList<CandidateVerdict> Candidates { get; init; } = [];

    /// <summary>Model names near the one asked for, on <see cref="SelectionOutcome.ModelNotFound"/>.</summary>
    [Id(15)] public IReadOnlyList<string> NearModels { get; init; } = [];

    /// <summary>The silo's clock when it answered: a gateway measures its own offset from it.</summary>
    [Id(16)] public DateTimeOffset SiloTime { get; init; }

    /// <summary>The activation of the caller's account that answered; 0 where none was asked or none answered.</summary>
    [Id(17)] public long AccountIncarnation { get; init; }

    /// <summary>
    /// Set where <see cref="Hold"/> is empty and the account may hold money for the operation all the same: what was granted came to nothing, or the account
    /// did not answer. Whoever asked resolves it in the end, by a settlement or a void.
    /// </summary>
    [Id(18)] public string? MayBeHeldBy { get; init; }

    /// <summary>The clock of the account's silo when it answered; null where no account was asked or none answered.</summary>
    [Id(19)] public DateTimeOffset? AccountTime { get; init; }

    /// <summary>How far the ledger of the caller's account has come; null where none was asked or it is in doubt.</summary>
    [Id(20)] public LedgerSeen? Ledger { get; init; }

    /// <summary>Tokens that the provider's owner reserved at admission; null where it was not asked.</summary>
    [Id(21)] public long? ReservedTokens { get; init; }

    /// <summary>Set where no silo was reached and the gateway chose by itself: see <see cref="IDegradedSelector"/>.</summary>
    [Id(22)] public bool Degraded { get; init; }

    /// <summary>
    /// Set where the attempt goes out without a hold because the account cannot be reached and its budget is <c>capped</c>: what would have been held. The
    /// gateway takes it from <see cref="SelectRequest.CappedLeft"/>, and the request must carry its output cap.
    /// </summary>
    [Id(23)] public Hold? Capped { get; init; }
}
