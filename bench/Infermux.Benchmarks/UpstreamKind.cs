namespace Infermux.Benchmarks;

/// <summary>What a provider speaks.</summary>
public enum UpstreamKind
{
    /// <summary>OpenAI chat completions.</summary>
    OpenAi,

    /// <summary>Anthropic Messages.</summary>
    Anthropic,

    /// <summary>Gemini generateContent.</summary>
    Gemini,

    /// <summary>Bedrock Converse.</summary>
    Bedrock,

    /// <summary>OpenAI Responses.</summary>
    Responses,
}
