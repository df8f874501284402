using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Values of <c>providers[].type</c>: the wire dialect.</summary>
public enum ProviderType
{
    /// <summary>OpenAI and every compatible server.</summary>
    [Spelled("openai")]
    OpenAi,

    /// <summary>Anthropic Messages.</summary>
    Anthropic,

    /// <summary>Ollama, through its <c>/v1</c>.</summary>
    Ollama,

    /// <summary>Azure OpenAI, classic and v1 URLs.</summary>
    [Spelled("azure_openai")]
    AzureOpenAi,

    /// <summary>Answers by itself, without a network; for a first run and for tests.</summary>
    Echo,

    /// <summary>Google generateContent, and its embeddings.</summary>
    Gemini,

    /// <summary>AWS Bedrock, through Converse.</summary>
    Bedrock,
}
