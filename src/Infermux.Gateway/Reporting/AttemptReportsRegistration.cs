using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Gateway.Reporting;

/// <summary>Registers the reports of this gateway.</summary>
internal static class AttemptReportsRegistration
{
    /// <summary>
    /// Adds <see cref="IAttemptReports"/>. Needs <see cref="IGrainFactory"/>, <see cref="Core.Configuration.ICurrentConfiguration"/> and a
    /// <see cref="TimeProvider"/>. Call it after Orleans was added, so that it stops, and sends what is left, before Orleans does.
    /// </summary>
    public static IServiceCollection AddAttemptReports(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IReportReceiver, GrainReportReceiver>();
        services.TryAddSingleton<AttemptReports>();
        services.TryAddSingleton<IAttemptReports>(provider => provider.GetRequiredService<AttemptReports>());
        services.AddHostedService(provider => provider.GetRequiredService<AttemptReports>());
        return services;
    }
}
