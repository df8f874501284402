namespace Infermux.Grains.Contracts.Budgets;

/// <summary>Asks for money for one attempt of an operation.</summary>
[GenerateSerializer, Immutable, Alias("infermux.reserve.v1")]
public sealed record ReserveCommand
{
    /// <summary>The operation.</summary>
    [Id(0)] public required Guid Operation { get; init; }

    /// <summary>Rises with each command of the operation; one not above the last applied is a repeat.</summary>
    [Id(1)] public required int Sequence { get; init; }

    /// <summary>Refused past this moment of the silo's clock.</summary>
    [Id(2)] public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The attempt, one line each.</summary>
    [Id(3)] public required int Attempt { get; init; }

    /// <summary>The provider it goes to.</summary>
    [Id(4)] public required string Provider { get; init; }

    /// <summary>The model sent upstream.</summary>
    [Id(5)] public required string TargetModel { get; init; }

    /// <summary>USD to hold for this attempt; replaces the line's earlier amount when the attempt is extended.</summary>
    [Id(6)] public required decimal Amount { get; init; }

    /// <summary>USD of it that the prompt costs at most: charged when a stream's hold expires with nothing heard.</summary>
    [Id(7)] public required decimal InputAmount { get; init; }

    /// <summary>Whether it is a stream; decides what expiry charges.</summary>
    [Id(8)] public bool Stream { get; init; }

    /// <summary>Attempts whose lines are zeroed, being certainly not billed.</summary>
    [Id(9)] public IReadOnlyList<int> UnbilledAttempts { get; init; } = [];

    /// <summary>The model was already replaced by the override: admit it or refuse, do not ask for another.</summary>
    [Id(10)] public bool Overridden { get; init; }

    /// <summary>For the cost row if nobody settles.</summary>
    [Id(11)] public string Project { get; init; } = "";

    /// <summary>For the cost row if nobody settles.</summary>
    [Id(12)] public string Env { get; init; } = "";

    /// <summary>For the cost row if nobody settles.</summary>
    [Id(13)] public string Group { get; init; } = "";

    /// <summary>The account's activation that the gateway last heard of; 0 where it never did.</summary>
    [Id(14)] public long Incarnation { get; init; }

    /// <summary>How far the gateway has seen the account's ledger; null where it has not.</summary>
    [Id(15)] public LedgerSeen? Seen { get; init; }
}
