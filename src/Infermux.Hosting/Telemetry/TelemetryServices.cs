using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Metrics;

namespace Infermux.Hosting.Telemetry;

/// <summary>Registers metrics and their Prometheus form.</summary>
public static class TelemetryServices
{
    /// <summary>
    /// Seconds: the original's 0.5, 1 and 5 with steps between and beyond, since an answer of a model takes from a tenth of a second to minutes.
    /// </summary>
    private static readonly double[] LatencyBuckets = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0];

    /// <summary>Adds <see cref="RequestMetrics"/>, the runtime's own meters, and the exporter that <c>/metrics</c> scrapes.</summary>
    public static IServiceCollection AddInfermuxTelemetry(this IServiceCollection services)
    {
        services.TryAddSingleton<RequestMetrics>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(RequestMetrics.MeterName)
            .AddMeter("System.Runtime")
            .AddPrometheusExporter());
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
        {
            var own = provider.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => ViewOf(instrument, own));
        });
        return services;
    }

    /// <summary>
    /// A meter provider listens to a meter's name in the whole process, so without this two hosts in one process would each count what both of them served.
    /// </summary>
    private static MetricStreamConfiguration? ViewOf(Instrument instrument, IMeterFactory own) => instrument switch
    {
        { Meter.Name: RequestMetrics.MeterName } when instrument.Meter.Scope != own => MetricStreamConfiguration.Drop,
        { Name: RequestMetrics.LatencyName } => new ExplicitBucketHistogramConfiguration { Boundaries = LatencyBuckets },
        _ => null,
    };
}
