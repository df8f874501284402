using Infermux.Core.Configuration;

namespace Infermux.Grains.Routing;

/// <summary>The world of the configuration in force, built at its first use.</summary>
internal sealed class RoutingWorlds(ICurrentConfiguration configuration)
{
    private readonly Lock _building = new();
    private volatile RoutingWorld? _current;

    public RoutingWorld Current
    {
        get
        {
            var wanted = configuration.Current;
            return _current is { } world && ReferenceEquals(world.Configuration, wanted) ? world : Build(wanted);
        }
    }

    private RoutingWorld Build(ConfigurationSnapshot wanted)
    {
        lock (_building)
        {
            return _current is { } world && ReferenceEquals(world.Configuration, wanted) ? world : _current = new RoutingWorld(wanted);
        }
    }
}
