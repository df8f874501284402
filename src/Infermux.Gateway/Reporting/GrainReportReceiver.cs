using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Routing;

namespace Infermux.Gateway.Reporting;

/// <summary>Delivers reports to the provider's grain.</summary>
internal sealed class GrainReportReceiver(IGrainFactory grains, ProviderViews views) : IReportReceiver
{
    /// <inheritdoc />
    public void OnAsked(Action<string> act) => views.OnSuspicion(act);

    /// <inheritdoc />
    public OwnerFacts Known(string provider)
    {
        var view = views.Find(provider);
        return new OwnerFacts(view?.Incarnation ?? 0, view?.Generation ?? 0, views.Processes.All);
    }

    /// <inheritdoc />
    public async Task<ReportReceipt> ReportAsync(string provider, OutcomeReport report)
    {
        var receipt = await grains.GetGrain<IProviderGrain>(provider).ReportAsync(report);
        views.Heard(provider, receipt.Incarnation);
        return receipt;
    }
}
