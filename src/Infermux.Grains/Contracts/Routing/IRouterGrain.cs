namespace Infermux.Grains.Contracts.Routing;

/// <summary>
/// Selects a provider for one attempt over this silo's views, reserves the caller's money for it and admits it. Holds no truth of its own, so any silo
/// may answer; a repeated call with the same operation and attempt may choose again but reserves and admits once. Key: any small number, see
/// <see cref="Infermux.Grains.Routing.GrainSelector"/>.
/// </summary>
[GrainInterfaceType("infermux.router")]
public interface IRouterGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// The provider for one attempt, or why there is none. A gateway that is not in a silo bounds the wait for an account by
    /// <see cref="SelectRequest.AccountPatience"/>, so that it can take a call for lost after 1.5 s (see its selector); the timeout here only cleans up.
    /// </summary>
    [Alias("select"), ResponseTimeout("00:00:05")]
    ValueTask<Selection> SelectAsync(SelectRequest request);
}
