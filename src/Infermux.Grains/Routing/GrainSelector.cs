using Infermux.Grains.Contracts.Routing;

namespace Infermux.Grains.Routing;

/// <summary>Selects in a process without a silo: by the RouterGrain of a silo.</summary>
internal sealed class GrainSelector(IGrainFactory grains) : ISelector
{
    // Not made with the container: a client knows no grain type before it has met its first silo.
    private IRouterGrain? _router;

    public ValueTask<Selection> SelectAsync(SelectRequest request) => (_router ??= grains.GetGrain<IRouterGrain>(0)).SelectAsync(request);
}
