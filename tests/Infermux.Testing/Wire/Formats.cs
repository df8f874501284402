namespace Infermux.Testing;

/// <summary>The formats by call.</summary>
internal static class Formats
{
    private static readonly OpenAiFormat Chat = new();
    private static readonly CompletionsFormat Completions = new();
    private static readonly EmbeddingsFormat Embeddings = new();
    private static readonly ResponsesFormat Responses = new();
    private static readonly AnthropicFormat Messages = new();
    private static readonly GeminiFormat Gemini = new();
    private static readonly GeminiEmbeddingsFormat GeminiEmbeddings = new();
    private static readonly ConverseFormat Converse = new();
    private static readonly ImagesFormat Images = new();
    private static readonly SpeechFormat Speech = new();
    private static readonly TranscriptsFormat Transcripts = new();
    private static readonly JudgementsFormat Judgements = new();

    public static IWireFormat For(CallKind kind) => kind switch
    {
        CallKind.Responses => Responses,
        CallKind.Completions => Completions,
        CallKind.Embeddings => Embeddings,
        CallKind.Messages or CallKind.CountTokens => Messages,
        CallKind.GenerateContent or CallKind.StreamGenerateContent or CallKind.GeminiModels => Gemini,
        CallKind.EmbedContent or CallKind.BatchEmbedContents or CallKind.Predict => GeminiEmbeddings,
        CallKind.Converse or CallKind.ConverseStream => Converse,
        CallKind.ImageGenerations or CallKind.ImageEdits or CallKind.ImageVariations => Images,
        CallKind.Speech => Speech,
        CallKind.Transcriptions or CallKind.Translations => Transcripts,
        CallKind.Moderations or CallKind.Rerank => Judgements,
        _ => Chat,
    };
}
