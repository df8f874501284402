using System.Globalization;
using Infermux.Cluster.Audit;
using Infermux.Cluster.Network;
using Infermux.Testing;

namespace Infermux.Cluster.Topology;

/// <summary>A store, processes of Infermux, scripted providers and a balancer, all on this machine and all mortal.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<PlannedProvider> _providers = [];
    private readonly List<Node> _nodes = [];
    private readonly List<Absence> _storeAbsences = [];
    private LoadBalancer? _balancer;
    private RedisProcess? _redis;

    private LocalCluster()
    {
    }

    public RedisProcess Redis => _redis!;

    /// <summary>Between the processes and the store, where the plan has one.</summary>
    public FaultProxy? StoreProxy { get; private set; }

    /// <summary>When the harness had the store frozen.</summary>
    public IReadOnlyList<Absence> StoreAbsences => _storeAbsences;

    public IReadOnlyList<PlannedProvider> Providers => _providers;

    public IReadOnlyList<Node> Nodes => _nodes;

    public IEnumerable<Node> Silos => _nodes.Where(node => node.Kind == NodeKind.Silo);

    public IEnumerable<Node> Gateways => _nodes.Where(node => node.Kind == NodeKind.Gateway);

    /// <summary>Where callers send to: every node that serves and says that it is ready, by turns.</summary>
    public Uri Address => _balancer!.Address;

    /// <summary>What every process printed, also those that are dead.</summary>
    public IEnumerable<(string Name, string Text)> Logs =>
        _nodes.SelectMany(node => node.Logs).Append(("redis", _redis?.Process.Output ?? ""));

    /// <summary>Starts everything and returns when all processes say that they are ready.</summary>
    /// <exception cref="InvalidOperationException">Something did not start; the message has what it said.</exception>
    public static async Task<LocalCluster> StartAsync(ClusterPlan plan, Func<string, ScriptedProviderOptions>? providers = null)
    {
        var cluster = new LocalCluster();
        try
        {
            await cluster.BuildAsync(plan, providers ?? (name => Scripted(name, plan)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A scripted provider that bills what the plan's file says.</summary>
    public static ScriptedProviderOptions Scripted(string name, ClusterPlan plan) =>
        new() { Name = name, DefaultPrice = new ScriptedPrice(plan.Price.Input, plan.Price.Output), KeepRequests = 200_000 };

    public PlannedProvider Provider(string name) => _providers.Single(provider => provider.Name == name);

    /// <summary>SIGSTOP to the store for so long: it keeps its connections and says nothing.</summary>
    public async Task FreezeStoreAsync(TimeSpan time)
    {
        var from = TimeProvider.System.GetUtcNow();
        await Redis.Process.FreezeAsync();
        await Task.Delay(time, TimeProvider.System);
        await Redis.Process.ThawAsync();
        _storeAbsences.Add(new Absence(from, TimeProvider.System.GetUtcNow()));
    }

    public async ValueTask DisposeAsync()
    {
        await (_balancer?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }

        await (StoreProxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_redis?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    private async Task BuildAsync(ClusterPlan plan, Func<string, ScriptedProviderOptions> providers)
    {
        _redis = await RedisProcess.StartAsync(plan.ClockAhead);
        StoreProxy = plan.StoreBehindProxy ? new FaultProxy(_redis.Port) : null;
        foreach (var name in plan.Providers)
        {
            var scripted = await ScriptedProvider.StartAsync(providers(name));
            _providers.Add(new PlannedProvider(name, scripted, plan.ProvidersBehindProxies ? new FaultProxy(scripted.Port) : null));
        }

        foreach (var kind in plan.Nodes)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{kind.Name}-{_nodes.Count(node => node.Kind == kind) + 1}");
            _nodes.Add(new Node(name, kind, Path.Combine(_folder.Path, name), node => ClusterFile.For(node, plan, StoreProxy?.Port ?? _redis.Port, _providers))
            {
                ClockAhead = plan.ClockAhead,
            });
        }

        await Task.WhenAll(_nodes.Where(node => !node.Kind.Serves).Select(node => node.StartAsync())); // gateways look for silos twice a second
        await Task.WhenAll(_nodes.Where(node => node.Kind.Serves).Select(node => node.StartAsync()));
        _balancer = new LoadBalancer([.. _nodes.Where(node => node.Kind.Serves).Select(node => node.ListenPort)], probed: plan.BalancerProbes);
    }
}
