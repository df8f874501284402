using System.Globalization;

namespace Infermux.Cluster.Topology;

/// <summary>Writes each process's <c>infermux.yml</c>: the same but for its ports and its <c>data_dir</c>.</summary>
internal static class ClusterFile
{
    public static string For(Node node, ClusterPlan plan, int storePort, IReadOnlyList<PlannedProvider> providers) => $$"""
        {{(node.Kind.Serves ? "listen" : "management_listen")}}: "127.0.0.1:{{node.ListenPort}}"
        cluster:
          store: redis
          redis: 127.0.0.1:{{storePort}}
          data_dir: {{node.DataDir}}
          silo_port: {{node.SiloPort}}
          gateway_port: {{node.GatewayPort}}
          advertised_ip: 127.0.0.1
        providers:
        {{string.Join('\n', providers.Select(Provider))}}
        pricing:
        {{string.Join('\n', providers.Select(provider => Prices(provider, plan)))}}
        {{plan.More}}
        """;

    private static string Provider(PlannedProvider provider) => $$"""
          - name: {{provider.Name}}
            type: openai
            api_key: sk-{{provider.Name}}-key-of-ours
            base_url: {{provider.BaseUrl}}
            timeout: 30s
            health_check: {disabled: true}
        """;

    private static string Prices(PlannedProvider provider, ClusterPlan plan) =>
        $"  {provider.Name}:\n" + string.Join('\n', plan.Models.Select(model => string.Create(
            CultureInfo.InvariantCulture, $"    {model}: {{input_per_million: {plan.Price.Input}, output_per_million: {plan.Price.Output}}}")));
}
