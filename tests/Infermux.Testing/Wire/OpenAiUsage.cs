namespace Infermux.Testing;

/// <summary>Usage as OpenAI nests it: cached tokens inside the prompt, reasoning inside the completion.</summary>
internal static class OpenAiUsage
{
    public static string Json(TokenCount count) =>
        $$$"""{"prompt_tokens":{{{count.Prompt}}},"completion_tokens":{{{count.Output}}},"total_tokens":{{{count.Prompt + count.Output}}},"prompt_tokens_details":{"cached_tokens":{{{count.CacheRead}}},"cache_write_tokens":{{{count.CacheWrite}}},"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":{{{count.Reasoning}}},"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""";

    public static string Prompt(TokenCount count) => $$"""{"prompt_tokens":{{count.Prompt}},"total_tokens":{{count.Prompt}}}""";
}
