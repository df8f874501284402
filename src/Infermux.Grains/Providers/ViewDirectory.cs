using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Providers;

/// <summary>What the directory knows: the newest view of each provider with the version it came under, and who asked of late. Reads no clock.</summary>
internal sealed class ViewDirectory(DateTimeOffset now)
{
    private static readonly TimeSpan ProcessLife = TimeSpan.FromSeconds(3);

    private readonly Guid _id = Guid.NewGuid();
    private readonly Dictionary<string, (ProviderView View, long Version)> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, (bool Serves, DateTimeOffset At)> _processes = [];
    private long _version;

    /// <summary>Takes a view; an older one changes nothing.</summary>
    public void Take(ProviderView view)
    {
        if (view.IsNewerThan(_views.GetValueOrDefault(view.Provider).View))
        {
            _views[view.Provider] = (view, ++_version);
        }
    }

    /// <summary>Forgets providers that left the configuration.</summary>
    public void Keep(IReadOnlySet<string> providers)
    {
        foreach (var gone in _views.Keys.Where(name => !providers.Contains(name)).ToList())
        {
            _views.Remove(gone);
        }
    }

    /// <summary>The answer to one process, which is counted from then on.</summary>
    public ViewChanges Since(ViewQuestion question, DateTimeOffset at)
    {
        _processes[question.Process] = (question.Serves, at);
        foreach (var silent in _processes.Where(process => at - process.Value.At >= ProcessLife).Select(static process => process.Key).ToList())
        {
            _processes.Remove(silent);
        }

        var from = question.Directory == _id ? question.Version : 0;
        var knows = at - now >= ProcessLife;
        return new ViewChanges(
            _id,
            _version,
            [.. _views.Values.Where(known => known.Version > from).Select(static known => known.View)],
            knows ? _processes.Count : 0,
            knows ? _processes.Values.Count(static process => process.Serves) : 0);
    }
}
