using Infermux.Grains.Contracts.Routing;
using Orleans.Concurrency;

namespace Infermux.Grains.Routing;

/// <summary>
/// The door to this silo's <see cref="Selector"/>. Reentrant, since a selection that waits for a slow account must not hold up those behind it; nothing of an
/// activation's own changes across an await, because it has nothing of its own.
/// </summary>
[GrainType("infermux.router"), StatelessWorker, Reentrant]
internal sealed class RouterGrain(Selector selector) : Grain, IRouterGrain
{
    public ValueTask<Selection> SelectAsync(SelectRequest request) => selector.SelectAsync(request);
}
