using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux status</c>: the circuits. Exit code 0 all closed, 1 at least one open, 2 not reachable.</summary>
internal static class StatusCommand
{
    private static readonly string[] Columns = ["PROVIDER", "TYPE", "STATE", "ERROR RATE", "P95 LATENCY", "RPM"];

    public static Command Create()
    {
        var (server, format) = (ServerCommand.Server(), ServerCommand.Format("table", "json"));
        var command = new Command("status", "Shows each provider's circuit. Exit code 0 all closed, 1 one is open, 2 not reachable.") { server, format };
        command.SetAction((parsed, cancellationToken) => ServerCommand.RunAsync(parsed, parsed.GetValue(server)!, ServerCommand.Token, async client =>
        {
            var providers = (await client.GetAsync("/_infermux/providers", cancellationToken)).AsArray();
            if (parsed.GetValue(format) is "json")
            {
                Tables.WriteJson(parsed.InvocationConfiguration.Output, providers);
            }
            else
            {
                Write(parsed.InvocationConfiguration.Output, providers);
            }

            return providers.Any(IsOpen) ? ExitCode.Failed : ExitCode.Ok;
        }));
        return command;
    }

    private static void Write(TextWriter output, JsonArray providers)
    {
        Tables.Write(output, Columns, providers.Select(p => (IReadOnlyList<string>)
        [
            Text(p, "name"),
            Text(p, "type"),
            IsOpen(p) ? "open*" : Text(p, "circuit"),
            string.Create(CultureInfo.InvariantCulture, $"{p!["error_rate"]!.GetValue<double>() * 100:0.0}%"),
            string.Create(CultureInfo.InvariantCulture, $"{p["p95_latency_ms"]!.GetValue<double>():0}ms"),
            p["requests_last_minute"]!.GetValue<int>().ToString(CultureInfo.InvariantCulture),
        ]));
        foreach (var open in providers.Where(IsOpen))
        {
            var recovery = open!["circuit_recovery_at"]?.GetValue<DateTimeOffset>();
            output.WriteLine(recovery is { } at
                ? $"* {Text(open, "name")}: next probe in {Math.Max(0, Math.Ceiling((at - TimeProvider.System.GetUtcNow()).TotalSeconds)):0} s"
                : $"* {Text(open, "name")}: held open by hand");
        }
    }

    private static bool IsOpen(JsonNode? provider) => Text(provider, "circuit") is "open";

    private static string Text(JsonNode? provider, string key) => provider![key]!.GetValue<string>();
}
