using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Tests.Providers;

/// <summary>Collects pushed views and signals when one is as a test waits for.</summary>
internal sealed class SeenViews : IProviderViewObserver
{
    private readonly Lock _gate = new();
    private readonly List<ProviderView> _views = [];
    private readonly List<(Func<ProviderView, bool> Wanted, TaskCompletionSource<ProviderView> Found)> _waiting = [];

    public IReadOnlyList<ProviderView> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _views];
            }
        }
    }

    public Task ChangedAsync(ProviderView view)
    {
        lock (_gate)
        {
            _views.Add(view);
            foreach (var (wanted, found) in _waiting)
            {
                if (wanted(view))
                {
                    found.TrySetResult(view);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<ProviderView> UntilAsync(Func<ProviderView, bool> wanted)
    {
        lock (_gate)
        {
            if (_views.FirstOrDefault(wanted) is { } seen)
            {
                return Task.FromResult(seen);
            }

            var found = new TaskCompletionSource<ProviderView>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((wanted, found));
            return found.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}
