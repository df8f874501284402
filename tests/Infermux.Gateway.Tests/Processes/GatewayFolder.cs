using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Infermux.Gateway.Tests.Money;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>A folder with an <c>infermux.yml</c> for one scripted provider named <c>primary</c>, and the <c>data_dir</c> that processes leave to each other.</summary>
internal sealed class GatewayFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string DataDir => System.IO.Path.Combine(Path, "data");

    /// <summary>What a scripted provider bills in these tests, USD per million tokens.</summary>
    public static ScriptedPrice Price { get; } = new(10m, 30m);

    /// <summary>Writes the file: <paramref name="cluster"/> and <paramref name="more"/> are lines of YAML, the first indented under <c>cluster:</c>.</summary>
    public static GatewayFolder For(ScriptedProvider provider, string cluster, IEnumerable<string> models, string more = "")
    {
        var folder = new GatewayFolder();
        var prices = models.Select(model => string.Create(
            CultureInfo.InvariantCulture, $"    {model}: {{input_per_million: {Price.Input}, output_per_million: {Price.Output}}}"));
        File.WriteAllText(System.IO.Path.Combine(folder.Path, "infermux.yml"), $$"""
            listen: "127.0.0.1:{{FreePort()}}"
            cluster:
              data_dir: {{folder.DataDir}}
              {{cluster}}
            providers:
              - name: primary
                type: openai
                api_key: sk-primary-key-of-ours
                base_url: {{provider.OpenAiBaseUrl}}
                timeout: 30s
                health_check: {disabled: true}
            pricing:
              primary:
            {{string.Join('\n', prices)}}
            {{more}}
            """);
        return folder;
    }

    /// <summary>A port that the system found free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose() => _folder.Dispose();
}
