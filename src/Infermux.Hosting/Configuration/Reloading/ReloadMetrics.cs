using System.Diagnostics.Metrics;

namespace Infermux.Hosting.Configuration.Reloading;

/// <summary>Counts reloads by how they ended.</summary>
internal sealed class ReloadMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Infermux.Configuration";

    private readonly Meter _meter;
    private readonly Counter<long> _reloads;

    public ReloadMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _reloads = _meter.CreateCounter<long>("infermux.config.reloads", "{reload}", "Changed files read again, by outcome: applied or refused.");
    }

    public void Applied() => _reloads.Add(1, new KeyValuePair<string, object?>("outcome", "applied"));

    public void Refused() => _reloads.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));

    public void Dispose() => _meter.Dispose();
}
