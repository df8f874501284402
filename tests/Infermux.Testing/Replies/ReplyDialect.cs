namespace Infermux.Testing;

/// <summary>The dialect that a reply is written in.</summary>
public enum ReplyDialect
{
    /// <summary>OpenAI chat completions.</summary>
    Chat,

    /// <summary>Anthropic Messages.</summary>
    Anthropic,

    /// <summary>Gemini generateContent.</summary>
    Gemini,

    /// <summary>Bedrock Converse.</summary>
    Bedrock,

    /// <summary>OpenAI Responses.</summary>
    Responses,
}
