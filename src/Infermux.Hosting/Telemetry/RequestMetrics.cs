using System.Diagnostics.Metrics;

namespace Infermux.Hosting.Telemetry;

/// <summary>
/// The original's metrics, under the names its users' dashboards hold: <c>infermux_requests_total</c>, <c>infermux_latency_seconds</c>,
/// <c>infermux_cost_usd_total</c>. Tags are closed sets: providers and target models come from the configuration.
/// </summary>
public sealed class RequestMetrics
{
    /// <summary>The meter all of Infermux's instruments belong to.</summary>
    public const string MeterName = "Infermux";

    /// <summary>The latency histogram's name as an instrument.</summary>
    public const string LatencyName = "infermux.latency";

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _latency;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _unpriced;

    /// <summary>Creates the instruments.</summary>
    public RequestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("infermux.requests", description: "Attempts by provider, target model and status (ok, error).");
        _latency = meter.CreateHistogram<double>(LatencyName, "s", "Time to first content of a stream, to the whole answer otherwise.");
        _cost = meter.CreateCounter<double>("infermux.cost", "usd", "Cost by provider and target model. For dashboards; the ledger holds the exact sums.");
        _tokens = meter.CreateCounter<long>("infermux.tokens", description: "Tokens by provider, target model and kind (prompt, completion).");
        _refusals = meter.CreateCounter<long>("infermux.refusals", description: "Requests that Infermux refused itself, by error code.");
        _unpriced = meter.CreateCounter<long>("infermux.unpriced_requests", description: "Billed attempts whose model has no price: their cost is counted as 0.");
    }

    /// <summary>One attempt ended.</summary>
    public void AttemptEnded(string provider, string model, bool succeeded, TimeSpan? latency)
    {
        KeyValuePair<string, object?> providerTag = new("provider", provider), modelTag = new("model", model);
        _requests.Add(1, providerTag, modelTag, new("status", succeeded ? "ok" : "error"));
        if (latency is { } time)
        {
            _latency.Record(time.TotalSeconds, providerTag, modelTag);
        }
    }

    /// <summary>One attempt was billed.</summary>
    public void Billed(string provider, string model, long promptTokens, long completionTokens, decimal cost, bool priced)
    {
        KeyValuePair<string, object?> providerTag = new("provider", provider), modelTag = new("model", model);
        _tokens.Add(promptTokens, providerTag, modelTag, new("kind", "prompt"));
        _tokens.Add(completionTokens, providerTag, modelTag, new("kind", "completion"));
        _cost.Add((double)cost, providerTag, modelTag);
        if (!priced)
        {
            _unpriced.Add(1, providerTag, modelTag);
        }
    }

    /// <summary>A request got a refusal of ours.</summary>
    public void Refused(string code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code));
}
