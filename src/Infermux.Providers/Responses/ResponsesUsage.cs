using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses;

/// <summary>Usage as Responses nests it: cached tokens inside the input, reasoning inside the output.</summary>
internal static class ResponsesUsage
{
    private const long Most = 1_000_000_000;

    /// <summary>Reads it; null where it holds no count. What contradicts itself is clamped, so that an answer never lowers a bill.</summary>
    public static TokenUsage? Read(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } given || (Count(given, "input_tokens") ?? Count(given, "output_tokens") ?? Count(given, "total_tokens")) is null)
        {
            return null;
        }

        var total = Count(given, "total_tokens") ?? 0;
        var output = Count(given, "output_tokens") ?? 0;
        var input = Count(given, "input_tokens") ?? Math.Max(0, total - output);
        var details = given.Find("input_tokens_details") ?? default;
        var hidden = Math.Max(0, total - input - output);
        var cached = Math.Min(Count(details, "cached_tokens") ?? 0, input);
        var written = Math.Min(Count(details, "cache_write_tokens") ?? 0, input - cached);
        var reasoning = Count(given.Find("output_tokens_details") ?? default, "reasoning_tokens") ?? 0;
        return new TokenUsage(input - cached - written, cached, written, 0, output + hidden, Math.Min(reasoning + hidden, output + hidden));
    }

    /// <summary>Writes the member <c>usage</c>.</summary>
    public static void Write(Utf8JsonWriter writer, in TokenUsage usage)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", usage.Prompt);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("cached_tokens", usage.CacheRead);
        writer.WriteNumber("cache_write_tokens", usage.CacheWrite + usage.CacheWriteLong);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", usage.Output);
        writer.WriteStartObject("output_tokens_details");
        writer.WriteNumber("reasoning_tokens", usage.Reasoning);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens", usage.Total);
        writer.WriteEndObject();
    }

    private static long? Count(JsonElement of, string name) =>
        of.Number(name) is { } value ? (long)Math.Clamp(value, 0, Most) : null;
}
