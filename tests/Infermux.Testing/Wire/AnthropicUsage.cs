namespace Infermux.Testing;

/// <summary>Usage as Anthropic counts it: cached tokens beside the input, thinking inside the output.</summary>
internal static class AnthropicUsage
{
    public static string Json(TokenCount count, long output) =>
        $$$"""{"input_tokens":{{{count.FreshInput}}},"cache_creation_input_tokens":{{{count.CacheWrite}}},"cache_read_input_tokens":{{{count.CacheRead}}},"cache_creation":{"ephemeral_5m_input_tokens":{{{count.CacheWrite}}},"ephemeral_1h_input_tokens":0},"output_tokens":{{{output}}},"output_tokens_details":{"thinking_tokens":{{{Math.Min(count.Reasoning, output)}}}},"service_tier":"standard"}""";
}
