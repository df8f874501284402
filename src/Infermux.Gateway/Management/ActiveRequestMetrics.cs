using System.Diagnostics.Metrics;
using Infermux.Gateway.Inference;
using Infermux.Hosting.Telemetry;

namespace Infermux.Gateway.Management;

/// <summary><c>infermux_requests_active</c>: requests and streams that run in this process now, which is what gateways are scaled by.</summary>
internal sealed class ActiveRequestMetrics
{
    public ActiveRequestMetrics(IMeterFactory meters, ActiveRequests active) => meters.Create(RequestMetrics.MeterName).CreateObservableUpDownCounter(
        "infermux.requests.active", () => active.Count, description: "Requests and streams that run in this process now.");
}
