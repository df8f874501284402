using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes.Split;

/// <summary>A redis-server, a scripted provider, and silos and gateways over them, each with its own folder and ports: the ports stay with the folder.</summary>
internal sealed class SplitCluster : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _processes = [];
    private readonly List<GatewayFolder> _folders = [];

    private SplitCluster(RedisProcess redis, ScriptedProvider provider) => (Redis, Provider) = (redis, provider);

    public RedisProcess Redis { get; }

    public ScriptedProvider Provider { get; }

    public static async Task<SplitCluster> StartAsync()
    {
        var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        return new(await RedisProcess.StartAsync(), provider);
    }

    public GatewayFolder Folder(string more = "")
    {
        var folder = GatewayFolder.For(
            Provider,
            $$"""
            store: redis
              redis: 127.0.0.1:{{Redis.Port}}
              silo_port: {{FreePort.Next()}}
              gateway_port: {{FreePort.Next()}}
              advertised_ip: 127.0.0.1
            """,
            ["gpt-4o-mini"],
            more);
        _folders.Add(folder);
        return folder;
    }

    public ClusterProcess Silo(GatewayFolder folder, string? clock = null) => Add(ClusterProcess.Silo(folder.Path, FreePort.Next(), clock));

    public ClusterProcess Gateway(GatewayFolder folder, string role = "gateway", string? clock = null) =>
        Add(ClusterProcess.Gateway(folder.Path, FreePort.Next(), role, clock));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await Redis.DisposeAsync();
        await Provider.DisposeAsync();
        _folders.ForEach(folder => folder.Dispose());
    }

    private ClusterProcess Add(ClusterProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
