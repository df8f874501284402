using Infermux.Cluster.Network;
using Infermux.Testing;

namespace Infermux.Cluster.Topology;

/// <summary>A scripted provider of the cluster, and the proxy before it where the plan has one.</summary>
internal sealed record PlannedProvider(string Name, ScriptedProvider Scripted, FaultProxy? Proxy) : IAsyncDisposable
{
    /// <summary>What the file says.</summary>
    public string BaseUrl => Proxy is null ? Scripted.OpenAiBaseUrl : $"http://127.0.0.1:{Proxy.Port}/v1";

    public async ValueTask DisposeAsync()
    {
        await (Proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Scripted.DisposeAsync();
    }
}
