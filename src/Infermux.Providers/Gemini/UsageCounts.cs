using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>
/// Usage as Gemini counts it: cached tokens inside the prompt, what tools read beside it, thoughts beside the candidates. In a stream every chunk may carry
/// some of the running counts, so of each the last value counts, never a sum.
/// </summary>
internal struct UsageCounts
{
    private const long Most = 1_000_000_000; // no request is so long, and sums stay far from overflow

    private long? _prompt;
    private long? _cached;
    private long? _toolUse;
    private long? _candidates;
    private long? _thoughts;

    /// <summary>The counts so far; null where nothing was reported.</summary>
    public readonly TokenUsage? Usage
    {
        get
        {
            if ((_prompt ?? _toolUse ?? _candidates ?? _thoughts) is null)
            {
                return null;
            }

            var prompt = _prompt ?? 0;
            var cached = Math.Min(_cached ?? 0, prompt);
            var thoughts = _thoughts ?? 0;
            return new TokenUsage(prompt - cached + (_toolUse ?? 0), cached, Output: (_candidates ?? 0) + thoughts, Reasoning: thoughts);
        }
    }

    /// <summary>Takes one <c>usageMetadata</c> object over what came before.</summary>
    public void Take(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } reported)
        {
            return;
        }

        _prompt = Count(reported, "promptTokenCount") ?? _prompt;
        _cached = Count(reported, "cachedContentTokenCount") ?? _cached;
        _toolUse = Count(reported, "toolUsePromptTokenCount") ?? _toolUse;
        _candidates = Count(reported, "candidatesTokenCount") ?? _candidates;
        _thoughts = Count(reported, "thoughtsTokenCount") ?? _thoughts;
    }

    private static long? Count(JsonElement usage, string name) => usage.Count(name) is { } count ? Math.Min(count, Most) : null;
}
