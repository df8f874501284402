using System.Collections.Concurrent;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Tests.Routing;

/// <summary>A provider's owner whose view and answers a test writes. In the place of the ProviderGrain.</summary>
public sealed class ScriptedOwner(string provider)
{
    private readonly ConcurrentDictionary<IProviderViewObserver, bool> _observers = new();

    public ProviderView View { get; private set; } = new() { Provider = provider, Incarnation = 1, Sequence = 1 };

    public Func<AdmitRequest, Task<Admission>> Admit { get; set; } = static _ => Task.FromResult(new Admission(true, "", null, 7, null));

    public ConcurrentQueue<AdmitRequest> Admits { get; } = new();

    public ConcurrentQueue<(Guid Operation, int Attempt)> Releases { get; } = new();

    public int Observers => _observers.Count;

    /// <summary>Those of them that want figures at once.</summary>
    public int Selecting => _observers.Count(static observer => observer.Value);

    public ProviderView Show(Func<ProviderView, ProviderView> change) => View = change(View) with { Sequence = View.Sequence + 1 };

    public Task PushAsync(Func<ProviderView, ProviderView> change)
    {
        var view = Show(change);
        return Task.WhenAll(_observers.Keys.Select(observer => observer.ChangedAsync(view)));
    }

    public ValueTask<Admission> AdmitAsync(AdmitRequest request)
    {
        Admits.Enqueue(request);
        return new(Admit(request));
    }

    public Task ReleaseAsync(Guid operation, int attempt)
    {
        Releases.Enqueue((operation, attempt));
        return Task.CompletedTask;
    }

    /// <summary>A successor: it has a higher incarnation and knows no observers.</summary>
    public void Succeed()
    {
        _observers.Clear();
        View = View with { Incarnation = View.Incarnation + 1, Sequence = 1 };
    }

    public ValueTask<ProviderView> SubscribeAsync(IProviderViewObserver observer)
    {
        _observers[observer] = true;
        return new(View);
    }

    public ValueTask<ProviderView> WatchAsync(IProviderViewObserver observer)
    {
        _observers[observer] = false;
        return new(View);
    }

    public Task UnsubscribeAsync(IProviderViewObserver observer)
    {
        _observers.TryRemove(observer, out _);
        return Task.CompletedTask;
    }
}
