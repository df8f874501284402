using Infermux.Core.Budgets;
using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.Events;

/// <summary>Says the alerts of this silo's accounts in its log and tells them to every process of the cluster, this one included.</summary>
internal sealed partial class BudgetEventsInCluster(IGrainFactory grains, ILogger<BudgetEventsInCluster> logger) : IBudgetEvents
{
    public void Alert(BudgetAlert alert)
    {
        LogAlert(alert.Account, alert.Share, alert.LimitUsd, alert.Settled);
        _ = TellAsync(new AlertNotice(alert.Account, alert.Share, alert.LimitUsd, alert.Settled, alert.Action)); // an account waits for nobody's listeners
    }

    private async Task TellAsync(AlertNotice notice)
    {
        try
        {
            await grains.GetGrain<IAlertsGrain>(0).TellAsync(notice);
        }
        catch (Exception unanswered)
        {
            LogUntold(unanswered, notice.Account);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The budget of {Caller} reached {Share} of its limit: {Settled} of {Limit} USD are spent")]
    private partial void LogAlert(string caller, decimal share, decimal limit, decimal settled);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The alert of {Caller} may not have reached those who follow events; it is in this log")]
    private partial void LogUntold(Exception exception, string caller);
}
