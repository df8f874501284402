namespace Infermux.Testing;

/// <summary>The formats by call.</summary>
internal static class Formats
{
    private static readonly OpenAiFormat Chat = new();
    private static readonly CompletionsFormat Completions = new();
    private static readonly EmbeddingsFormat Embeddings = new();
    private static readonly ResponsesFormat Responses = new();
    private static readonly AnthropicFormat Messages = new();

    public static IWireFormat For(CallKind kind) => kind switch
    {
        CallKind.Responses => Responses,
        CallKind.Completions => Completions,
        CallKind.Embeddings => Embeddings,
        CallKind.Messages or CallKind.CountTokens => Messages,
        _ => Chat,
    };
}
