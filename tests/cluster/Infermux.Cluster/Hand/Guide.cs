using Infermux.Cluster.Topology;

namespace Infermux.Cluster.Hand;

/// <summary>Where everything is and what to try.</summary>
internal static class Guide
{
    public static void Write(TextWriter output, LocalCluster cluster)
    {
        var primary = cluster.Provider("primary").Scripted;
        var (first, last) = (cluster.Nodes.First(node => node.Kind.Serves), cluster.Nodes.Last(node => node.Kind.Serves));
        var silo = cluster.Silos.FirstOrDefault() ?? last;
        output.WriteLine($"""

            A cluster is up.

              balancer      {cluster.Address}
            {string.Join('\n', cluster.Nodes.Select(node => $"  {node.Name,-13} {node.Address}  pid {node.Process.Id}"))}
              redis         127.0.0.1:{cluster.Redis.Port}  pid {cluster.Redis.Process.Id}
            {string.Join('\n', cluster.Providers.Select(provider => $"  {provider.Name,-13} {provider.Scripted.BaseUrl}/_script"))}

            Ask, as caller alice, whose hard limit is 0.05 USD:

              curl -i {cluster.Address}v1/chat/completions -H 'Content-Type: application/json' -H 'X-Infermux-Caller: alice' \
                -d '{"{"}"model":"gpt-4o-mini","max_tokens":100,"messages":[{"{"}"role":"user","content":"caller=alice words=50"{"}"}]{"}"}'

            Her money, the same at every gateway:   curl {first.Address}_infermux/budgets/alice
            What the provider says it billed:        curl {primary.BaseUrl}/_script
            Make the primary fail, ask a few times:  curl -X PUT {primary.BaseUrl}/_script -d '{"{"}"status":500{"}"}'
            See its circuit at any gateway:          curl {last.Address}_infermux/providers
            Make it well again:                      curl -X DELETE {primary.BaseUrl}/_script
            Kill a silo, ask for alice again:        kill -9 {silo.Process.Id}
            Kill a gateway under load:               kill -9 {last.Process.Id}
            End one while a stream runs:             kill -TERM {first.Process.Id}   (a second time: at once)
            Freeze the store for some seconds:       kill -STOP {cluster.Redis.Process.Id}; sleep 5; kill -CONT {cluster.Redis.Process.Id}
            Take the members' table away:            redis-cli -p {cluster.Redis.Port} del infermux/members/infermux
            What a process thinks of its store:      curl '{first.Address}readyz?verbose'

            Ctrl-C stops all of it.

            """);
        output.Flush();
    }
}
