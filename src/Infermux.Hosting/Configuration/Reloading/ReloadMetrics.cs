using System.Diagnostics.Metrics;
using Infermux.Hosting.Telemetry;

namespace Infermux.Hosting.Configuration.Reloading;

/// <summary>Counts reloads by how they ended, on the meter that is exported.</summary>
internal sealed class ReloadMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _reloads = meters.Create(RequestMetrics.MeterName)
        .CreateCounter<long>("infermux.config.reloads", "{reload}", "Changed files read again, by outcome: applied or refused.");

    public void Applied() => _reloads.Add(1, new KeyValuePair<string, object?>("outcome", "applied"));

    public void Refused() => _reloads.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));
}
