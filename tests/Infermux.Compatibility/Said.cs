namespace Infermux.Compatibility;

/// <summary>One line of answer. What was not asked for is left out.</summary>
internal sealed record Said
{
    public IReadOnlyList<string>? Clients { get; init; }

    public string? Text { get; init; }

    public string? Thought { get; init; }

    public int? Pieces { get; init; }

    public long? Input { get; init; }

    public long? Output { get; init; }

    /// <summary>The arguments of each call, as JSON.</summary>
    public IReadOnlyList<string>? Calls { get; init; }

    /// <summary>The status that the client made of an error.</summary>
    public int? Status { get; init; }

    public string? Message { get; init; }

    /// <summary>Why the client has no such notion.</summary>
    public string? NotOffered { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Failed { get; init; }
}
