namespace Infermux.Providers.Gemini;

/// <summary>How a model's thinking is steered.</summary>
internal enum ThinkingSupport
{
    /// <summary>It does not think, or nothing steers it.</summary>
    None,

    /// <summary>By a budget of tokens (2.5).</summary>
    Budget,

    /// <summary>By a level (3 and later); it is never quite off.</summary>
    Level,
}
