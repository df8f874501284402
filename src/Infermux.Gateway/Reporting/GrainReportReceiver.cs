using Infermux.Grains.Contracts.Providers;

namespace Infermux.Gateway.Reporting;

/// <summary>Delivers reports to the provider's grain.</summary>
internal sealed class GrainReportReceiver(IGrainFactory grains) : IReportReceiver
{
    /// <inheritdoc />
    public Task ReportAsync(string provider, OutcomeReport report) => grains.GetGrain<IProviderGrain>(provider).ReportAsync(report);
}
