using System.CommandLine;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Configuration;
using Infermux.Hosting.Ending;
using Infermux.Hosting.SelfChecks;

namespace Infermux.Silo;

/// <summary>The executable <c>infermux-silo</c>: load, join, say where, leave at SIGTERM. Exit code 0, or 1 where it could not start or had to stop itself.</summary>
internal static class SiloCommand
{
    public static Task<int> RunAsync(string[] args)
    {
        var config = new Option<string?>("--config") { Description = "Configuration file (INFERMUX_CONFIG; default infermux.yml)." };
        var listen = new Option<string?>("--management-listen")
        {
            Description = $"Where /healthz, /readyz and /metrics are served (INFERMUX_MANAGEMENT_LISTEN, management_listen; default {SiloHost.DefaultListen}).",
        };
        var level = new Option<string?>("--log-level") { Description = "debug, info, warn or error (INFERMUX_LOG_LEVEL)." };
        var root = new RootCommand("A silo of an Infermux cluster: owns circuits, budgets and costs, and chooses providers for gateways.") { config, listen, level };
        root.SetAction((parsed, cancellationToken) =>
        {
            ConfigurationOverride?[] flags =
            [
                parsed.GetValue(listen) is { } address ? new("management_listen", address, listen.Name) : null,
                parsed.GetValue(level) is { } threshold ? new("log.level", threshold, level.Name) : null,
            ];
            return ServeAsync(new ConfigurationRequest { Path = parsed.GetValue(config), Flags = [.. flags.OfType<ConfigurationOverride>()] }, cancellationToken);
        });

        // The host itself listens for SIGTERM and SIGINT: it leaves the cluster.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static int ExitCode(string? withdrawn) => withdrawn is null ? 0 : 1;

    private static async Task<int> ServeAsync(ConfigurationRequest request, CancellationToken cancellationToken)
    {
        if (await ProcessConfiguration.LoadAsync(request, Console.Error) is not { } loaded)
        {
            return 1;
        }

        if (SharedStore.Refuse(loaded.Snapshot.Options.Cluster) is { } alone)
        {
            await Console.Error.WriteLineAsync($"{alone.Path}: {alone.Problem} {alone.Mend}");
            return 1;
        }

        try
        {
            await using var app = SiloHost.Build(loaded);
            if (await HostStart.TryAsync(app, cancellationToken))
            {
                await Console.Out.WriteLineAsync($"  silo       {loaded.Snapshot.Options.Cluster.ClusterId}, probes and metrics on {string.Join(", ", app.Urls)}");
                return ExitCode(await HostEnd.WaitAsync(app, ExitCode, cancellationToken));
            }

            return 0;
        }
        catch (StartRefusedException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 1;
        }
        catch (IOException bind) // a port that is taken, the silo's own or the listener's
        {
            await Console.Error.WriteLineAsync(
                $"{bind.Message} Stop what uses it, or choose others: --management-listen, 'cluster.silo_port', 'cluster.gateway_port'.");
            return 1;
        }
    }
}
