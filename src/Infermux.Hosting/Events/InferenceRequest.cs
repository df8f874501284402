namespace Infermux.Hosting.Events;

/// <summary>One inbound inference request ended.</summary>
public sealed record InferenceRequest : IInfermuxEvent
{
    /// <inheritdoc />
    public string Type => "inference_request";

    /// <summary>The id in <c>X-Request-Id</c>.</summary>
    public required string RequestId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Who answered; empty where nobody did.</summary>
    public required string Provider { get; init; }

    /// <summary>The model as the provider knows it; the caller's name where nobody answered.</summary>
    public required string Model { get; init; }

    /// <summary>Strategy that chose; empty where nothing was chosen.</summary>
    public required string Strategy { get; init; }

    /// <summary>Route group; empty where none.</summary>
    public required string Group { get; init; }

    /// <summary>HTTP status to the caller; 499 where the caller left first.</summary>
    public required int Status { get; init; }

    /// <summary>Until first content, in ms; null where it never came.</summary>
    public required double? LatencyMs { get; init; }

    /// <summary>Attempts made.</summary>
    public required int Attempts { get; init; }

    /// <summary>Prompt tokens of all attempts.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Completion tokens of all attempts.</summary>
    public required long CompletionTokens { get; init; }

    /// <summary>USD of all attempts.</summary>
    public required decimal CostUsd { get; init; }

    /// <summary>Who is charged.</summary>
    public required string Caller { get; init; }

    /// <summary>Cost tag; empty where none.</summary>
    public required string Project { get; init; }

    /// <summary>Cost tag; empty where none.</summary>
    public required string Env { get; init; }
}
