using Infermux.Grains.Contracts.Routing;

namespace Infermux.Grains.Routing;

/// <summary>
/// Selects in a process without a silo: by the RouterGrain of a silo, of another one with each call. Orleans' client sends all calls to one grain through one
/// silo; with one key a silo that freezes would take every call of this gateway with it, repeats too, until the cluster has put it out. A call that has no answer
/// in 1.5 s is lost.
/// </summary>
internal sealed class GrainSelector(IGrainFactory grains, TimeProvider time) : ISelector
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1.5);

    /// <summary>Routers by turns. Each is sent through a silo of its own as long as there are silos; two to four silos get the same share of twelve.</summary>
    private const int Routers = 12;

    /// <summary>How long a router that did not answer is passed over, but for one call that tries it when this is over.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    private readonly long[] _restsUntil = new long[Routers]; // timestamps; 0: it answers

    // Not made with the container: a client knows no grain type before it has met its first silo.
    private IRouterGrain[]? _routers;
    private uint _turn;

    public ValueTask<Selection> SelectAsync(SelectRequest request)
    {
        _routers ??= [.. Enumerable.Range(0, Routers).Select(key => grains.GetGrain<IRouterGrain>(key))];
        var router = Next();
        var call = _routers[router].SelectAsync(request);
        return call.IsCompletedSuccessfully && Volatile.Read(ref _restsUntil[router]) == 0 ? call : AnswerAsync(router, call);
    }

    // Orleans looks for calls past their response timeout about once a second only.
    private async ValueTask<Selection> AnswerAsync(int router, ValueTask<Selection> call)
    {
        try
        {
            var selection = await call.AsTask().WaitAsync(Longest, time);
            Volatile.Write(ref _restsUntil[router], 0);
            return selection;
        }
        catch (TimeoutException)
        {
            Volatile.Write(ref _restsUntil[router], RestEnd());
            throw;
        }
    }

    /// <summary>The next that answers, or whose rest is over; where all rest, the next.</summary>
    private int Next()
    {
        for (var passed = 0; passed < Routers; passed++)
        {
            var router = (int)(Interlocked.Increment(ref _turn) % Routers);
            var until = Volatile.Read(ref _restsUntil[router]);
            if (until == 0 || (time.GetTimestamp() >= until && Interlocked.CompareExchange(ref _restsUntil[router], RestEnd(), until) == until))
            {
                return router;
            }
        }

        return (int)(Interlocked.Increment(ref _turn) % Routers);
    }

    private long RestEnd() => time.GetTimestamp() + (long)(Rest.TotalSeconds * time.TimestampFrequency);
}
