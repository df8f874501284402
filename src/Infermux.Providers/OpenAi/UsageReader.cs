using System.Text.Json;
using Infermux.Core.Pricing;

namespace Infermux.Providers.OpenAi;

/// <summary>
/// Reads a <c>usage</c> object. Cached and written tokens lie inside the prompt and reasoning inside the completion; whatever contradicts that, is negative
/// or absurd is clamped, so that an answer never lowers a bill. A total above prompt and completion hides reasoning (Gemini's compatible endpoint, xAI).
/// </summary>
internal static class UsageReader
{
    private const long Most = 1_000_000_000;

    /// <summary>Reads the object the reader stands on and stops at its end. Null where it holds no count.</summary>
    public static TokenUsage? Read(ref Utf8JsonReader reader)
    {
        var counts = default(Counts);
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref reader, ref counts);
            }
        }

        return counts.Any ? counts.ToUsage() : null;
    }

    private static void ReadMember(ref Utf8JsonReader reader, ref Counts counts)
    {
        if (reader.ValueTextEquals("prompt_tokens"u8))
        {
            counts.Prompt = Count(ref reader) ?? counts.Prompt;
        }
        else if (reader.ValueTextEquals("completion_tokens"u8))
        {
            counts.Completion = Count(ref reader) ?? counts.Completion;
        }
        else if (reader.ValueTextEquals("total_tokens"u8))
        {
            counts.Total = Count(ref reader) ?? counts.Total;
        }
        else if (reader.ValueTextEquals("cached_tokens"u8) || reader.ValueTextEquals("prompt_cache_hit_tokens"u8))
        {
            counts.Cached = Math.Max(counts.Cached, Count(ref reader) ?? 0);
        }
        else if (reader.ValueTextEquals("cache_write_tokens"u8))
        {
            counts.Written = Count(ref reader) ?? 0;
        }
        else if (reader.ValueTextEquals("reasoning_tokens"u8))
        {
            counts.Reasoning = Count(ref reader) ?? 0;
        }
        else if (!reader.ValueTextEquals("prompt_tokens_details"u8) && !reader.ValueTextEquals("completion_tokens_details"u8))
        {
            reader.Read();
            reader.Skip();
        }
    }

    private static long? Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value))
        {
            return (long)Math.Clamp(value, 0, Most);
        }

        reader.Skip();
        return null;
    }

    private struct Counts
    {
        public long? Prompt;
        public long? Completion;
        public long? Total;
        public long Cached;
        public long Written;
        public long Reasoning;

        public readonly bool Any => Prompt is not null || Completion is not null || Total is not null;

        public readonly TokenUsage ToUsage()
        {
            var prompt = Prompt ?? (Completion is null ? Total ?? 0 : 0);
            var hidden = Prompt is not null && Completion is not null && Total is { } total ? Math.Max(0, total - prompt - Completion.Value) : 0;
            var output = (Completion ?? 0) + hidden;
            var cached = Math.Min(Cached, prompt);
            var written = Math.Min(Written, prompt - cached);
            return new TokenUsage(prompt - cached - written, cached, written, 0, output, Math.Min(Reasoning + hidden, output));
        }
    }
}
