using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Infermux.EmbeddedStore;
using Infermux.Gateway.Hosting;
using Infermux.Gateway.Money.Journal;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Configuration;
using Infermux.Hosting.Ending;
using Infermux.Hosting.SelfChecks;
using Microsoft.AspNetCore.Connections;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux serve</c>: load, start, say where, drain at the end.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file (INFERMUX_CONFIG; default infermux.yml where it exists)." };
        var listen = new Option<string?>("--listen") { Description = "Listen address (INFERMUX_LISTEN)." };
        var level = new Option<string?>("--log-level") { Description = "debug, info, warn or error (INFERMUX_LOG_LEVEL)." };
        var format = new Option<string?>("--log-format") { Description = "text or json (INFERMUX_LOG_FORMAT)." };
        var noChecks = new Option<bool>("--no-health-checks") { Description = "Leaves out the health checks at start." };
        var drain = new Option<string?>("--graceful-shutdown") { Description = "How long streams may run out at the end (default 15s)." };
        var role = new Option<string>("--role")
        {
            Description = "all: with a silo in this process; gateway: a client of silos elsewhere, with cluster.store redis (INFERMUX_ROLE; default all).",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("INFERMUX_ROLE") is { Length: > 0 } set ? set : "all",
        };
        var command = new Command("serve", "Serves. This is what happens without a verb.") { config, listen, level, format, noChecks, drain, role };
        command.SetAction((parsed, cancellationToken) =>
        {
            var flags = new List<ConfigurationOverride>();
            void Flag(Option<string?> option, string path)
            {
                if (parsed.GetValue(option) is { } value)
                {
                    flags.Add(new ConfigurationOverride(path, value, option.Name));
                }
            }

            Flag(listen, "listen");
            Flag(level, "log.level");
            Flag(format, "log.format");
            Flag(drain, "shutdown.drain");
            return ServeAsync(
                new ConfigurationRequest { Path = parsed.GetValue(config), Flags = flags, FilesNeeded = true },
                parsed.GetRequiredValue(role),
                new GatewayHostOptions { HealthChecksAtStart = !parsed.GetValue(noChecks) },
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> ServeAsync(ConfigurationRequest request, string role, GatewayHostOptions host, CancellationToken cancellationToken)
    {
        if (RoleOf(role) is not { } wanted)
        {
            await Console.Error.WriteLineAsync($"--role: '{role}' is no role. Write 'all' or 'gateway'; a silo alone is the executable infermux-silo.");
            return ExitCode.Failed;
        }

        if (await ProcessConfiguration.LoadAsync(request, Console.Error) is not { } loaded)
        {
            return ExitCode.Failed;
        }

        if (wanted == ProcessRole.Gateway && SharedStore.Refuse(loaded.Snapshot.Options.Cluster) is { } alone)
        {
            await Console.Error.WriteLineAsync($"{alone.Path}: {alone.Problem} {alone.Mend}");
            return ExitCode.Failed;
        }

        if (wanted == ProcessRole.All && ClusterPorts.Problem(loaded.Snapshot.Options.Cluster) is { } taken)
        {
            await Console.Error.WriteLineAsync(taken);
            return ExitCode.ListenerRefused;
        }

        var interrupted = false;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => interrupted = true);
        try
        {
            await using var gateway = await GatewayHost.BuildAsync(loaded, host with { Role = wanted }, cancellationToken);
            if (!await HostStart.TryAsync(gateway.App, cancellationToken))
            {
                return interrupted ? ExitCode.Interrupted : ExitCode.Ok;
            }

            Banner.Write(Console.Out, loaded, gateway.App.Urls, wanted);
            return Code(await HostEnd.WaitAsync(gateway.App, Code, cancellationToken));

            int Code(string? withdrawn) => withdrawn is not null ? ExitCode.Failed : interrupted ? ExitCode.Interrupted : ExitCode.Ok;
        }
        catch (Exception told) when (told is DataDirInUseException or JournalException or StartRefusedException)
        {
            await Console.Error.WriteLineAsync(told.Message);
            return ExitCode.Failed;
        }
        catch (AddressInUseException) // Orleans' endpoints; the web server wraps its own
        {
            await Console.Error.WriteLineAsync(ClusterPorts.Mend("cluster.silo_port or cluster.gateway_port"));
            return ExitCode.ListenerRefused;
        }
        catch (Exception bind) when (IsOfTheListener(bind))
        {
            var options = loaded.Snapshot.Options;
            var listen = options.ManagementListen is { } management ? $"{options.Listen} or management_listen {management}" : options.Listen;
            await Console.Error.WriteLineAsync(
                $"listen: {listen} cannot be opened: {bind.Message} Stop what uses it, or choose another address with --listen or 'listen:' in the file.");
            return ExitCode.ListenerRefused;
        }
    }

    private static ProcessRole? RoleOf(string role) => role switch
    {
        "all" => ProcessRole.All,
        "gateway" => ProcessRole.Gateway,
        _ => null,
    };

    private static bool IsOfTheListener(Exception failure) =>
        failure.InnerException is AddressInUseException
        || failure is SocketException { SocketErrorCode: SocketError.AccessDenied or SocketError.AddressNotAvailable };
}
