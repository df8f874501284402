using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Usage as Anthropic counts it: cached tokens beside the input. Reports of one answer are cumulative, so of each field the last value counts, never a sum.
/// Where fallbacks or compaction made several attempts of one answer, the totals are those of the last: the sum over <c>iterations</c> is what is billed.
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

        var attempts = default(UsageCounts);
        var several = 0;
        foreach (var iteration in reported.List("iterations"))
        {
            var one = default(UsageCounts);
            one.TakeTotals(iteration);
            attempts.Add(one);
            several++;
        }

        TakeTotals(reported);
        if (several > 1) // a single one says what the totals say
        {
            var thinking = Math.Max(_thinking ?? 0, attempts._thinking ?? 0);
            this = attempts with { _thinking = thinking };
        }
    }

    private void TakeTotals(JsonElement reported)
    {
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

    private void Add(in UsageCounts other)
    {
        _input = (_input ?? 0) + (other._input ?? 0);
        _read = (_read ?? 0) + (other._read ?? 0);
        _written = (_written ?? 0) + (other._written ?? 0);
        _fiveMinutes = (_fiveMinutes ?? 0) + (other._fiveMinutes ?? 0);
        _oneHour = (_oneHour ?? 0) + (other._oneHour ?? 0);
        _output = (_output ?? 0) + (other._output ?? 0);
        _thinking = (_thinking ?? 0) + (other._thinking ?? 0);
    }
}
