namespace Infermux.Testing;

/// <summary>What a path asks for.</summary>
internal enum CallKind
{
    Unknown,
    Script,
    ChatCompletions,
    Completions,
    Embeddings,
    Models,
    Messages,
    CountTokens,
    GenerateContent,
    StreamGenerateContent,
    EmbedContent,
    BatchEmbedContents,
    GeminiModels,
    Converse,
    ConverseStream,
    OllamaTags,
    Responses,
    ImageGenerations,
    ImageEdits,
    ImageVariations,
    Speech,
    Transcriptions,
    Translations,
    Moderations,
    Rerank,
    Predict,
}
