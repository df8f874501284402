using System.Text.Json;
using Infermux.Core.Pricing;

namespace Infermux.Providers.Pivot;

/// <summary>Usage as OpenAI nests it: all cached tokens inside the prompt, reasoning inside the completion.</summary>
internal static class OpenAiUsage
{
    /// <summary>Writes the member <c>usage</c>.</summary>
    public static void Write(Utf8JsonWriter writer, in TokenUsage usage)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", usage.Prompt);
        writer.WriteNumber("completion_tokens", usage.Output);
        writer.WriteNumber("total_tokens", usage.Total);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", usage.CacheRead);
        writer.WriteNumber("cache_write_tokens", usage.CacheWrite + usage.CacheWriteLong);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", usage.Reasoning);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
