using System.Diagnostics.Metrics;
using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Routing;
using Infermux.Hosting.Telemetry;

namespace Infermux.Gateway.Management;

/// <summary><c>infermux_circuit_state</c>: 0 closed, 1 half-open, 2 open (the original's numbers for Prometheus).</summary>
internal sealed class CircuitMetrics
{
    public CircuitMetrics(IMeterFactory meters, ProviderViews views, ICurrentConfiguration configuration) =>
        meters.Create(RequestMetrics.MeterName).CreateObservableGauge(
            "infermux.circuit.state",
            () => configuration.Current.Options.Providers.Select(p => new Measurement<int>(
                (int)(views.Find(p.Name)?.Circuit ?? CircuitState.Closed), new KeyValuePair<string, object?>("provider", p.Name))),
            description: "0 closed, 1 half-open, 2 open.");
}
