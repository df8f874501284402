using System.Globalization;
using System.Runtime.InteropServices;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Hand;

/// <summary>A cluster for a person to play with.</summary>
internal static class HandCommand
{
    private const string Help = """
        A cluster of real processes on this machine: redis-server, gateways, two scripted providers and a balancer.

        dotnet run --project tests/cluster/Infermux.Cluster -- up [--nodes N]

          up          starts everything, says where it is and what to try, and stops everything at Ctrl-C
          --nodes N   all-in-one gateways, 1 to 16 (default 3)
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

    private static int? Nodes(string[] args) => args switch
    {
        [] => 3,
        ["--nodes", var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var nodes) && nodes is >= 1 and <= 16 => nodes,
        _ => null,
    };

    private static ClusterPlan Plan(int nodes) => new()
    {
        Nodes = [.. Enumerable.Repeat(NodeKind.AllInOne, nodes)],
        Providers = ["primary", "second"],
        More = """
            routing: {strategy: priority}
            circuit_breaker: {consecutive_failures: 3, recovery_window: 5s}
            budgets:
              callers: [{caller: alice, limit_usd: 0.05, action: hard_stop}]
            """,
    };
}
