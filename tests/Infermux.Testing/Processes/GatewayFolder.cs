using System.Globalization;

namespace Infermux.Testing;

/// <summary>A folder with an <c>infermux.yml</c> for one scripted provider named <c>primary</c>, and the <c>data_dir</c> that processes leave to each other.</summary>
public sealed class GatewayFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Where it is.</summary>
    public string Path => _folder.Path;

    /// <summary><c>cluster.data_dir</c>.</summary>
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
            listen: "127.0.0.1:{{FreePort.Next()}}"
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

    /// <summary>Deletes it.</summary>
    public void Dispose() => _folder.Dispose();
}
