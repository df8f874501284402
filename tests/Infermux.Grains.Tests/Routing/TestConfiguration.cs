using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Grains.Tests.Routing;

/// <summary>A configuration that a test reloads.</summary>
public sealed class TestConfiguration(InfermuxOptions options) : ICurrentConfiguration
{
    private readonly List<Action<ConfigurationSnapshot>> _changed = [];

    public ConfigurationSnapshot Current { get; private set; } = Snapshot(options, 0);

    public IDisposable OnChange(Action<ConfigurationSnapshot> changed)
    {
        _changed.Add(changed);
        return new Undo(() => _changed.Remove(changed));
    }

    public void Reload(InfermuxOptions changed)
    {
        Current = Snapshot(changed, int.Parse(Current.Hash, System.Globalization.CultureInfo.InvariantCulture) + 1);
        _changed.ForEach(call => call(Current));
    }

    private static ConfigurationSnapshot Snapshot(InfermuxOptions options, int number) =>
        new(options, PriceTable.Build(options), number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }
}
