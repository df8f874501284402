using System.Text.Json;

namespace Infermux.Testing;

/// <summary>One request as the provider understood it, whatever its dialect.</summary>
internal sealed record Call
{
    public required Route Route { get; init; }

    public required JsonElement Body { get; init; }

    public required string Model { get; init; }

    public bool Stream { get; init; }

    public bool IncludeUsage { get; init; }

    public long? MaxTokens { get; init; }

    public int Choices { get; init; } = 1;

    /// <summary>All prompt text, in order, for markers and counting.</summary>
    public string Prompt { get; init; } = "";

    public IReadOnlyList<OfferedTool> Tools { get; init; } = [];

    /// <summary>A call is forced: any tool, or <see cref="ForcedTool"/>.</summary>
    public bool ToolRequired { get; init; }

    public string? ForcedTool { get; init; }

    public bool ToolsForbidden { get; init; }

    public bool EndsWithToolResult { get; init; }

    /// <summary>The schema of a structured answer; null: none asked for.</summary>
    public JsonElement? AnswerSchema { get; init; }

    /// <summary>Any JSON object is asked for (OpenAI's <c>json_object</c>).</summary>
    public bool AnswerObject { get; init; }

    /// <summary>Inputs of an embeddings call.</summary>
    public int Inputs { get; init; } = 1;
}
