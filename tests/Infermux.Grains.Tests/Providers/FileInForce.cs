using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Grains.Tests.Providers;

/// <summary>A configuration that a test reloads.</summary>
internal sealed class FileInForce(InfermuxOptions options, PriceTable prices) : ICurrentConfiguration
{
    private readonly Lock _gate = new();
    private readonly List<Action<ConfigurationSnapshot>> _listeners = [];

    public ConfigurationSnapshot Current { get; private set; } = new(options, prices, "000000000000");

    public void Reload(InfermuxOptions to)
    {
        Current = Current with { Options = to };
        Action<ConfigurationSnapshot>[] listeners;
        lock (_gate)
        {
            listeners = [.. _listeners];
        }

        Array.ForEach(listeners, l => l(Current));
    }

    public IDisposable OnChange(Action<ConfigurationSnapshot> changed)
    {
        lock (_gate)
        {
            _listeners.Add(changed);
        }

        return new Stop(this, changed);
    }

    private sealed class Stop(FileInForce file, Action<ConfigurationSnapshot> changed) : IDisposable
    {
        public void Dispose()
        {
            lock (file._gate)
            {
                file._listeners.Remove(changed);
            }
        }
    }
}
