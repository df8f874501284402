using Infermux.Grains.Contracts.Routing;

namespace Infermux.Grains.Routing;

/// <summary>Selects in a process without a silo: by the RouterGrain of a silo.</summary>
internal sealed class GrainSelector(IGrainFactory grains) : ISelector
{
    private readonly IRouterGrain _router = grains.GetGrain<IRouterGrain>(0);

    public ValueTask<Selection> SelectAsync(SelectRequest request) => _router.SelectAsync(request);
}
