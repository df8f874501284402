namespace Infermux.Providers.Gemini;

/// <summary>What one family of models takes, as far as a request has to be written differently for it.</summary>
internal sealed record ModelTraits
{
    /// <summary>Thinking.</summary>
    public ThinkingSupport Thinking { get; init; }

    /// <summary>The smallest budget that is not zero, in tokens.</summary>
    public long LeastBudget { get; init; } = 1;

    /// <summary>The largest budget, in tokens.</summary>
    public long MostBudget { get; init; } = 24_576;

    /// <summary>Whether a budget of zero turns thinking off.</summary>
    public bool CanBeOff { get; init; } = true;

    /// <summary>Whether level <c>MINIMAL</c> is known; else <c>LOW</c> is the lowest.</summary>
    public bool MinimalLevel { get; init; }

    /// <summary>Whether level <c>MEDIUM</c> is known; else <c>HIGH</c> stands in for it.</summary>
    public bool MediumLevel { get; init; } = true;

    /// <summary>Whether a structured answer may be asked for by a field; else it is asked for in words.</summary>
    public bool AnswerFormat { get; init; } = true;

    /// <summary>Whether it may be asked for so while tools are offered.</summary>
    public bool AnswerWithTools { get; init; }

    /// <summary>Whether function calling mode <c>VALIDATED</c> is known.</summary>
    public bool ValidatedCalls { get; init; }

    /// <summary>Whether the first call of a step must carry a thought signature.</summary>
    public bool SignedCalls { get; init; }

    /// <summary>Whether <c>systemInstruction</c> is known; else instructions go into the first user content.</summary>
    public bool SystemInstruction { get; init; } = true;
}
