using Infermux.Grains.Contracts.Providers;

namespace Infermux.Gateway.Reporting;

/// <summary>Where reports go: the provider's owner.</summary>
internal interface IReportReceiver
{
    /// <summary>Calls back with each provider whose owner wants to hear now of whatever has succeeded.</summary>
    void OnAsked(Action<string> act);

    /// <summary>What is known of the owner now.</summary>
    OwnerFacts Known(string provider);

    /// <summary>Delivers one report; throws where it is not known to have arrived.</summary>
    Task<ReportReceipt> ReportAsync(string provider, OutcomeReport report);
}
