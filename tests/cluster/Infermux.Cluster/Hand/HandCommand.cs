using System.Globalization;
using System.Runtime.InteropServices;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Hand;

/// <summary>A cluster for a person to play with.</summary>
internal static class HandCommand
{
    private const string Help = """
        A cluster of real processes on this machine: redis-server, silos, gateways, two scripted providers and a balancer.

        dotnet run --project tests/cluster/Infermux.Cluster -- up [--silos N] [--gateways N] [--all-in-one N]

          up               starts everything, says where it is and what to try, and stops everything at Ctrl-C
          --silos N        silos by themselves (default 2)
          --gateways N     gateways that are clients of them (default 3)
          --all-in-one N   processes that are both, in their place
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["up", ..] || Nodes(args[1..]) is not { } nodes)
        {
            Console.WriteLine(Help);
            return args is ["--help" or "-h"] ? 0 : 2;
        }

        await using var cluster = await LocalCluster.StartAsync(Plan(nodes));
        Guide.Write(Console.Out, cluster);
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stop.Task;
        Console.WriteLine("stopping everything");
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }

    /// <summary>The processes that the words ask for; null where they are not understood, or nobody would serve.</summary>
    private static IReadOnlyList<NodeKind>? Nodes(string[] args)
    {
        var (silos, gateways, both) = (2, 3, 0);
        for (var at = 0; at < args.Length; at += 2)
        {
            if (at + 1 == args.Length || !int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 16)
            {
                return null;
            }

            switch (args[at])
            {
                case "--silos":
                    silos = count;
                    break;
                case "--gateways":
                    gateways = count;
                    break;
                case "--all-in-one":
                    (silos, gateways, both) = (0, 0, count);
                    break;
                default:
                    return null;
            }
        }

        return both > 0 || (silos > 0 && gateways > 0) ? [.. ClusterPlan.Split(silos, gateways), .. Enumerable.Repeat(NodeKind.AllInOne, both)] : null;
    }

    private static ClusterPlan Plan(IReadOnlyList<NodeKind> nodes) => new()
    {
        Nodes = nodes,
        Providers = ["primary", "second"],
        More = """
            routing: {strategy: priority}
            circuit_breaker: {consecutive_failures: 3, recovery_window: 5s}
            budgets:
              callers: [{caller: alice, limit_usd: 0.05, action: hard_stop}]
            shutdown: {drain: 60s}
            """,
    };
}
