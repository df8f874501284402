using System.Collections.Concurrent;

namespace Infermux.Testing;

/// <summary>How the next request is treated: what is queued first, then the rule, then the standing behaviour.</summary>
internal sealed class BehaviourBook(ScriptedProviderOptions options)
{
    private readonly ConcurrentQueue<Behaviour> _queue = new();
    private readonly Random _random = new(options.Seed);
    private readonly Lock _lock = new();
    private volatile Behaviour _standing = options.Behaviour;
    private volatile Behaviour _listing = options.ListingBehaviour;
    private volatile Func<ScriptedRequest, Behaviour?>? _rule;

    public Behaviour Standing
    {
        get => _standing;
        set => _standing = value;
    }

    public Behaviour Listing
    {
        get => _listing;
        set => _listing = value;
    }

    public Func<ScriptedRequest, Behaviour?>? Rule
    {
        get => _rule;
        set => _rule = value;
    }

    public void Enqueue(Behaviour behaviour) => _queue.Enqueue(behaviour);

    public Behaviour Next(ScriptedRequest request)
    {
        var behaviour = _queue.TryDequeue(out var queued) ? queued : _rule?.Invoke(request) ?? _standing;
        return behaviour.Share >= 1 || Draw() < behaviour.Share ? behaviour : Behaviour.Calm with { Answer = behaviour.Answer };
    }

    public void Calm()
    {
        _queue.Clear();
        (_standing, _listing, _rule) = (Behaviour.Calm, Behaviour.Calm, null);
    }

    private double Draw()
    {
        lock (_lock)
        {
            return _random.NextDouble();
        }
    }
}
