namespace Infermux.Providers.OpenAi;

/// <summary>Top-level keys of a request that Infermux reads itself. Each may be given once, spelled exactly so.</summary>
[Flags]
internal enum RequestKey
{
    None = 0,
    Model = 1,
    Stream = 2,
    StreamOptions = 4,
    MaxTokens = 8,
    MaxCompletionTokens = 16,
    N = 32,
    BestOf = 64,
    Tools = 128,
    Functions = 256,
    Messages = 512,
    Prompt = 1024,
    Input = 2048,
    MaxOutputTokens = 4096,
    Instructions = 8192,
}
