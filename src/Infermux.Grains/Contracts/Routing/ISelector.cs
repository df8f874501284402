namespace Infermux.Grains.Contracts.Routing;

/// <summary>
/// Selects a provider for one attempt: in a process with a silo the process's own selector, without a grain call; in any other the RouterGrain of the
/// silo that answers. A repeated call with the same operation and attempt may choose again but reserves and admits once.
/// </summary>
public interface ISelector
{
    /// <summary>The provider for one attempt, or why there is none. Waits for an unreachable account as the request says.</summary>
    /// <exception cref="TimeoutException">No silo answered; ask again by the same operation and attempt. Orleans' rejections mean the same.</exception>
    ValueTask<Selection> SelectAsync(SelectRequest request);
}
