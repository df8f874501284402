using Infermux.Grains.Contracts.Routing;

namespace Infermux.Grains.Routing;

/// <summary>Selects in a process without a silo: by the RouterGrain of a silo. A call that has no answer in 1.5 s is lost.</summary>
internal sealed class GrainSelector(IGrainFactory grains, TimeProvider time) : ISelector
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1.5);

    // Not made with the container: a client knows no grain type before it has met its first silo.
    private IRouterGrain? _router;

    // Orleans looks for calls past their response timeout about once a second only.
    public ValueTask<Selection> SelectAsync(SelectRequest request)
    {
        var call = (_router ??= grains.GetGrain<IRouterGrain>(0)).SelectAsync(request);
        return call.IsCompleted ? call : new(call.AsTask().WaitAsync(Longest, time));
    }
}
