namespace Infermux.Grains.Contracts.Providers;

/// <summary>Where views are pushed to: one per process.</summary>
[GrainInterfaceType("infermux.provider-view-observer")]
public interface IProviderViewObserver : IGrainObserver
{
    /// <summary>A new view. A lost push delays this process until its next poll, 1 s at most, and costs no money; so nobody waits.</summary>
    [Alias("changed"), Orleans.Concurrency.OneWay]
    Task ChangedAsync(ProviderView view);
}
