using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Grains.Contracts.Routing;

/// <summary>What a gateway knows of one attempt it wants to make.</summary>
[GenerateSerializer, Immutable, Alias("infermux.select-request.v1")]
public sealed record SelectRequest
{
    /// <summary>One per inbound request, made by the gateway, never taken from a client's header.</summary>
    [Id(0)] public required Guid Operation { get; init; }

    /// <summary>1 for the first attempt; rises with each.</summary>
    [Id(1)] public required int Attempt { get; init; }

    /// <summary>Past this moment, in the time of the account's silo, money commands of this call are refused. Not later than now + 5 s.</summary>
    [Id(2)] public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Who is charged; <c>anonymous</c> where nobody was named.</summary>
    [Id(3)] public required string Caller { get; init; }

    /// <summary><c>X-Infermux-Project</c>, or empty.</summary>
    [Id(4)] public string Project { get; init; } = "";

    /// <summary><c>X-Infermux-Env</c>, or empty.</summary>
    [Id(5)] public string Env { get; init; } = "";

    /// <summary>The model the caller asks for.</summary>
    [Id(6)] public required string Model { get; init; }

    /// <summary>What is asked for.</summary>
    [Id(7)] public required RequestKind Kind { get; init; }

    /// <summary>Whether a stream is asked for.</summary>
    [Id(8)] public bool Stream { get; init; }

    /// <summary>Whether the request carries tools.</summary>
    [Id(9)] public bool Tools { get; init; }

    /// <summary>Upper bound of the prompt's tokens.</summary>
    [Id(10)] public required long PromptBound { get; init; }

    /// <summary>True once <see cref="PromptBound"/> was counted by the real tokenizer, so that asking for less makes no sense.</summary>
    [Id(11)] public bool PromptExact { get; init; }

    /// <summary>Estimate of the prompt's tokens, for expected cost.</summary>
    [Id(12)] public required long PromptEstimate { get; init; }

    /// <summary>The caller's output cap; null where none was given. Beside chat: the most output tokens the answer can be charged for.</summary>
    [Id(13)] public long? MaxTokens { get; init; }

    /// <summary><c>n</c>.</summary>
    [Id(14)] public int Choices { get; init; } = 1;

    /// <summary>Providers that this request already tried.</summary>
    [Id(15)] public IReadOnlyList<string> Tried { get; init; } = [];

    /// <summary>Attempts of this operation that were certainly not billed: their hold lines are zeroed by the same call.</summary>
    [Id(16)] public IReadOnlyList<int> UnbilledAttempts { get; init; } = [];

    /// <summary>Whether the caller sent a bearer token that may be forwarded (<c>auth.mode: passthrough</c>).</summary>
    [Id(17)] public bool CallerCredential { get; init; }

    /// <summary>Base URL the caller's token already went to; it goes to no other authority. Null: nowhere yet.</summary>
    [Id(18)] public string? CredentialBaseUrl { get; init; }

    /// <summary>Set after a <c>ContextTooLong</c>: only a provider whose model has a known window larger than this many tokens may follow.</summary>
    [Id(19)] public long? WindowLargerThan { get; init; }

    /// <summary>The model was already replaced by the budget's override.</summary>
    [Id(20)] public string? ModelOverride { get; init; }

    /// <summary>
    /// 0 for the first call of this attempt; rises with each further one, whatever its reason (a lost answer, an exact prompt, a provider that was chosen and
    /// not called). A repeat may choose another provider: its hold line replaces that of the earlier call.
    /// </summary>
    [Id(21)] public int Repeat { get; init; }

    /// <summary>The activation of the caller's account that this gateway last heard of (<see cref="Selection.AccountIncarnation"/>); 0 where it never did.</summary>
    [Id(22)] public long AccountIncarnation { get; init; }

    /// <summary>
    /// The account that is charged: the caller's name, or <c>*overflow</c>. The gateway says, because it settles there, and both must name the same one.
    /// Empty: the caller's name.
    /// </summary>
    [Id(23)] public string Account { get; init; } = "";

    /// <summary>
    /// Completion tokens that this caller's requests for this model usually take, for one choice; null where the gateway has seen none, or needs none because
    /// the caller gave a cap. Gateways see the answers, so only they can know.
    /// </summary>
    [Id(24)] public double? UsualCompletion { get; init; }

    /// <summary>What they hardly ever exceed (mean + 3σ); null as <see cref="UsualCompletion"/>.</summary>
    [Id(25)] public double? LikelyMostCompletion { get; init; }

    /// <summary>
    /// What the account's own limit does, as this gateway last heard; null where it knows of none. So a limit acts at once for whoever asks through the gateway
    /// that it was set at.
    /// </summary>
    [Id(26)] public BudgetAction? ActingLimit { get; init; }

    /// <summary>How long this call may wait for the caller's account; null: 3 s.</summary>
    [Id(27)] public TimeSpan? AccountPatience { get; init; }

    /// <summary>
    /// Whether the gateway asks again when the account stayed silent: then that is the answer (<see cref="SelectionOutcome.AccountSilent"/>), and
    /// <c>on_unavailable</c> decides in the last call only.
    /// </summary>
    [Id(28)] public bool AsksAgain { get; init; }

    /// <summary>How far this gateway has seen the ledger of the caller's account (<see cref="Selection.Ledger"/>); null where it has not.</summary>
    [Id(29)] public LedgerSeen? LedgerSeen { get; init; }

    /// <summary>
    /// USD that this gateway may spend for the caller while the account cannot be reached, where <c>on_unavailable</c> is <c>capped</c>; the gateway keeps
    /// count. Null: nothing.
    /// </summary>
    [Id(30)] public decimal? CappedLeft { get; init; }

    /// <summary>Name of the provider that made the newest opaque value in the request; it is preferred while it is eligible. Null: there is none.</summary>
    [Id(31)] public string? Maker { get; init; }

    /// <summary>Most images, seconds, characters or searches that an operation beside chat can be charged for, by its <see cref="Kind"/>; 0 for all others.</summary>
    [Id(32)] public long Units { get; init; }
}
