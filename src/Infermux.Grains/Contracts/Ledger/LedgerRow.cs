using Infermux.Core.Costs;

namespace Infermux.Grains.Contracts.Ledger;

/// <summary>Sums over attempts with the same key: hour × caller × provider × model × group × project × env.</summary>
[GenerateSerializer, Immutable, Alias("infermux.ledger-row.v1")]
public sealed record LedgerRow
{
    /// <summary>Start of the UTC hour in which the operations began.</summary>
    [Id(0)] public required DateTimeOffset Hour { get; init; }

    /// <summary>The caller as named in the request.</summary>
    [Id(1)] public required string Caller { get; init; }

    /// <summary>Who billed.</summary>
    [Id(2)] public required string Provider { get; init; }

    /// <summary>The model billed, as the provider knows it.</summary>
    [Id(3)] public required string Model { get; init; }

    /// <summary>Route group; empty where none.</summary>
    [Id(4)] public string Group { get; init; } = "";

    /// <summary>Project; empty where none; <c>other</c> past 100 (project, env) pairs per caller and day.</summary>
    [Id(5)] public string Project { get; init; } = "";

    /// <summary>Stage; empty where none.</summary>
    [Id(6)] public string Env { get; init; } = "";

    /// <summary>Attempts that answered a caller.</summary>
    [Id(7)] public long Requests { get; init; }

    /// <summary>Attempts billed although they did not answer.</summary>
    [Id(8)] public long FailedAttempts { get; init; }

    /// <summary>Prompt tokens.</summary>
    [Id(9)] public long PromptTokens { get; init; }

    /// <summary>Completion tokens.</summary>
    [Id(10)] public long CompletionTokens { get; init; }

    /// <summary>USD, all marks included.</summary>
    [Id(11)] public decimal Cost { get; init; }

    /// <summary>Of it, marked estimated.</summary>
    [Id(12)] public decimal EstimatedCost { get; init; }

    /// <summary>Of it, charged at expiry; a late settle books the difference with a negative part here.</summary>
    [Id(13)] public decimal UnsettledCost { get; init; }

    /// <summary>The row as Core counts with it.</summary>
    public CostRow ToCostRow() => new(
        new CostKey { Start = Hour, Caller = Caller, Provider = Provider, Model = Model, Group = Group, Project = Project, Env = Env },
        new CostSums(Requests, FailedAttempts, PromptTokens, CompletionTokens, Cost, EstimatedCost, UnsettledCost));

    /// <summary>The row as it travels.</summary>
    public static LedgerRow From(CostKey key, CostSums sums) => new()
    {
        Hour = key.Start,
        Caller = key.Caller,
        Provider = key.Provider,
        Model = key.Model,
        Group = key.Group,
        Project = key.Project,
        Env = key.Env,
        Requests = sums.Requests,
        FailedAttempts = sums.FailedAttempts,
        PromptTokens = sums.PromptTokens,
        CompletionTokens = sums.CompletionTokens,
        Cost = sums.Cost,
        EstimatedCost = sums.EstimatedCost,
        UnsettledCost = sums.UnsettledCost,
    };
}
