using Infermux.Grains.Contracts.Providers;

namespace Infermux.Gateway.Reporting;

/// <summary>Where reports go: the provider's owner.</summary>
internal interface IReportReceiver
{
    /// <summary>Delivers one report; throws where it is not known to have arrived.</summary>
    Task ReportAsync(string provider, OutcomeReport report);
}
