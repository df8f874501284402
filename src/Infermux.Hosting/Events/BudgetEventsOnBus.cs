using Infermux.Core.Budgets;
using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.Events;

/// <summary>Says budget alerts in the log and on the event bus.</summary>
internal sealed partial class BudgetEventsOnBus(EventBus bus, ILogger<BudgetEventsOnBus> logger) : IBudgetEvents
{
    public void Alert(BudgetAlert alert)
    {
        LogAlert(alert.Account, alert.Share, alert.LimitUsd, alert.Settled);
        bus.Publish(new BudgetAlerted
        {
            Account = alert.Account,
            Share = alert.Share,
            LimitUsd = alert.LimitUsd,
            SettledUsd = alert.Settled,
            Action = alert.Action,
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The budget of {Caller} reached {Share} of its limit: {Settled} of {Limit} USD are spent")]
    private partial void LogAlert(string caller, decimal share, decimal limit, decimal settled);
}
