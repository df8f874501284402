namespace Infermux.Grains.Contracts.Budgets;

/// <summary>
/// Passes budget alerts from the silos that own accounts to every process that people follow events of. One for the cluster: an alert comes once per account,
/// period and share, and nothing on the request path passes here. Key: 0.
/// </summary>
[GrainInterfaceType("infermux.alerts")]
public interface IAlertsGrain : IGrainWithIntegerKey
{
    /// <summary>Subscribes a process; renewed at least every 10 s, forgotten after 30 s.</summary>
    [Alias("subscribe")]
    Task SubscribeAsync(IAlertObserver observer);

    /// <summary>Stops a process.</summary>
    [Alias("unsubscribe")]
    Task UnsubscribeAsync(IAlertObserver observer);

    /// <summary>Passes an alert on to whoever is subscribed now.</summary>
    [Alias("tell")]
    Task TellAsync(AlertNotice notice);
}
