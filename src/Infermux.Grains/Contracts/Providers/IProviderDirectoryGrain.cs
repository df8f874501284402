namespace Infermux.Grains.Contracts.Providers;

/// <summary>
/// The net under the pushes: knows the newest view of every provider, so that a process asks once a second for all that changed and not every owner. Owns no
/// truth and is on no request's path: what it forgets when it moves it has heard again a second later. Key: 0.
/// </summary>
[GrainInterfaceType("infermux.provider-directory")]
public interface IProviderDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>What changed since the asker last heard, and how many ask.</summary>
    [Alias("since")]
    ValueTask<ViewChanges> SinceAsync(ViewQuestion question);

    /// <summary>An owner's transition. A lost one comes a second later, when the owner is asked; so nobody waits.</summary>
    [Alias("told"), Orleans.Concurrency.OneWay]
    Task ToldAsync(ProviderView view);
}
