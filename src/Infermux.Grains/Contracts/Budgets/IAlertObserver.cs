namespace Infermux.Grains.Contracts.Budgets;

/// <summary>Where alerts are pushed to: one per process that people follow events of.</summary>
[GrainInterfaceType("infermux.alert-observer")]
public interface IAlertObserver : IGrainObserver
{
    /// <summary>An alert. A lost one is in the log of the account's silo still, and costs no money; so nobody waits.</summary>
    [Alias("alerted"), Orleans.Concurrency.OneWay]
    Task AlertedAsync(AlertNotice notice);
}
