using Infermux.Core.Pricing;

namespace Infermux.Grains.Contracts.Budgets;

/// <summary>What one attempt cost.</summary>
[GenerateSerializer, Immutable, Alias("infermux.settled-line.v1")]
public sealed record SettledLine
{
    /// <summary>The attempt.</summary>
    [Id(0)] public required int Attempt { get; init; }

    /// <summary>Who billed it.</summary>
    [Id(1)] public required string Provider { get; init; }

    /// <summary>The model billed.</summary>
    [Id(2)] public required string TargetModel { get; init; }

    /// <summary>Prompt tokens, cached included.</summary>
    [Id(3)] public required long PromptTokens { get; init; }

    /// <summary>Completion tokens, reasoning included.</summary>
    [Id(4)] public required long CompletionTokens { get; init; }

    /// <summary>USD, exact.</summary>
    [Id(5)] public required decimal Cost { get; init; }

    /// <summary>How sure it is.</summary>
    [Id(6)] public SettleMark Mark { get; init; }

    /// <summary>The price table that was used.</summary>
    [Id(7)] public string PriceVersion { get; init; } = "";

    /// <summary>Whether the attempt answered the caller.</summary>
    [Id(8)] public bool Succeeded { get; init; }
}
