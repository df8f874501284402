using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Usage as Anthropic counts it: cached tokens beside the input. Reports of one answer are cumulative, so of each field the last value counts, never a sum.
/// </summary>
internal struct UsageCounts
{
    private long? _input;
    private long? _read;
    private long? _written;
    private long? _fiveMinutes;
    private long? _oneHour;
    private long? _output;
    private long? _thinking;

    /// <summary>The counts so far; null where nothing was reported.</summary>
    public readonly TokenUsage? Usage
    {
        get
        {
            if ((_input ?? _read ?? _written ?? _output) is null)
            {
                return null;
            }

            var oneHour = _oneHour ?? 0;
            var written = Math.Max(_written ?? 0, (_fiveMinutes ?? 0) + oneHour);
            var output = _output ?? 0;
            return new TokenUsage(_input ?? 0, _read ?? 0, written - oneHour, oneHour, output, Math.Min(_thinking ?? 0, output));
        }
    }

    /// <summary>Takes one <c>usage</c> object over what came before.</summary>
    public void Take(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } reported)
        {
            return;
        }

        _input = reported.Count("input_tokens") ?? _input;
        _read = reported.Count("cache_read_input_tokens") ?? _read;
        _written = reported.Count("cache_creation_input_tokens") ?? _written;
        _output = reported.Count("output_tokens") ?? _output;
        if (reported.Find("cache_creation") is { } split)
        {
            _fiveMinutes = split.Count("ephemeral_5m_input_tokens") ?? _fiveMinutes;
            _oneHour = split.Count("ephemeral_1h_input_tokens") ?? _oneHour;
        }

        if (reported.Find("output_tokens_details") is { } details)
        {
            _thinking = details.Count("thinking_tokens") ?? _thinking;
        }
    }
}
