namespace Infermux.Providers;

/// <summary>What the caller asks for: one value per inference path of the OpenAI HTTP API.</summary>
public enum Operation
{
    /// <summary><c>POST /v1/chat/completions</c>.</summary>
    ChatCompletions,

    /// <summary><c>POST /v1/completions</c> (legacy).</summary>
    Completions,

    /// <summary><c>POST /v1/embeddings</c>.</summary>
    Embeddings,

    /// <summary><c>POST /v1/responses</c>, stateless.</summary>
    Responses,
}
