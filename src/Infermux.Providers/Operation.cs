namespace Infermux.Providers;

/// <summary>What the caller asks for: one value per inference path.</summary>
public enum Operation
{
    /// <summary><c>POST /v1/chat/completions</c>.</summary>
    ChatCompletions,

    /// <summary><c>POST /v1/completions</c> (legacy).</summary>
    Completions,

    /// <summary><c>POST /v1/embeddings</c>.</summary>
    Embeddings,

    /// <summary><c>POST /v1/messages</c> (Anthropic).</summary>
    Messages,

    /// <summary><c>POST /v1/messages/count_tokens</c> (Anthropic): says what a prompt would count, and costs nothing.</summary>
    CountTokens,

    /// <summary><c>POST /v1/responses</c>, stateless.</summary>
    Responses,

    /// <summary><c>POST /v1/images/generations</c>.</summary>
    ImageGenerations,

    /// <summary><c>POST /v1/images/edits</c>.</summary>
    ImageEdits,

    /// <summary><c>POST /v1/images/variations</c>.</summary>
    ImageVariations,

    /// <summary><c>POST /v1/audio/speech</c>.</summary>
    Speech,

    /// <summary><c>POST /v1/audio/transcriptions</c>.</summary>
    Transcriptions,

    /// <summary><c>POST /v1/audio/translations</c>.</summary>
    Translations,

    /// <summary><c>POST /v1/moderations</c>.</summary>
    Moderations,

    /// <summary><c>POST /v1/rerank</c>, as Cohere, Jina, vLLM and others have it.</summary>
    Rerank,
}
