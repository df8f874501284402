namespace Infermux.Hosting.Events;

/// <summary>One attempt was billed.</summary>
public sealed record ProviderCost : IInfermuxEvent
{
    /// <inheritdoc />
    public string Type => "provider_cost";

    /// <summary>The id in <c>X-Request-Id</c>.</summary>
    public required string RequestId { get; init; }

    /// <summary>Who billed.</summary>
    public required string Provider { get; init; }

    /// <summary>The model as the provider knows it.</summary>
    public required string Model { get; init; }

    /// <summary>Route group; empty where none.</summary>
    public required string Group { get; init; }

    /// <summary>Prompt tokens.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Completion tokens.</summary>
    public required long CompletionTokens { get; init; }

    /// <summary>USD.</summary>
    public required decimal CostUsd { get; init; }

    /// <summary>True where the provider reported nothing and the tokens are an estimate of ours.</summary>
    public required bool Estimated { get; init; }

    /// <summary>Who is charged.</summary>
    public required string Caller { get; init; }

    /// <summary>Cost tag; empty where none.</summary>
    public required string Project { get; init; }

    /// <summary>Cost tag; empty where none.</summary>
    public required string Env { get; init; }
}
