using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux providers</c>: what is configured and how it is.</summary>
internal static class ProvidersCommand
{
    private static readonly string[] Columns = ["PROVIDER", "TYPE", "MODELS", "HEALTHY", "CIRCUIT", "LAST CHECK"];

    public static Command Create()
    {
        var (server, format) = (ServerCommand.Server(), ServerCommand.Format("table", "json", "yaml"));
        var command = new Command("providers", "Lists the providers with their models, health and circuit.") { server, format };
        command.SetAction((parsed, cancellationToken) => ServerCommand.RunAsync(parsed, parsed.GetValue(server)!, ServerCommand.Token, async client =>
        {
            var providers = (await client.GetAsync("/_infermux/providers", cancellationToken)).AsArray();
            Write(parsed.InvocationConfiguration.Output, providers, parsed.GetValue(format)!);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Write(TextWriter output, JsonArray providers, string format)
    {
        switch (format)
        {
            case "json":
                Tables.WriteJson(output, providers);
                break;
            case "yaml":
                output.Write(new YamlDotNet.Serialization.Serializer().Serialize(Plain(providers)!));
                break;
            default:
                Tables.Write(output, Columns, providers.Select(Row));
                break;
        }
    }

    private static IReadOnlyList<string> Row(JsonNode? provider) =>
    [
        provider!["name"]!.GetValue<string>(),
        provider["type"]!.GetValue<string>(),
        Models(provider),
        provider["healthy"]!.GetValue<bool>() ? "yes" : "no",
        provider["circuit"]!.GetValue<string>(),
        Age(provider["last_check"]?.GetValue<DateTimeOffset>()),
    ];

    private static string Models(JsonNode provider)
    {
        var names = provider["models"]!.AsArray().Select(m => m!.GetValue<string>())
            .Concat(provider["model_aliases"]!.AsObject().Select(a => $"{a.Key} → {a.Value!.GetValue<string>()} (alias)"))
            .ToList();
        return names.Count switch { 0 => "any", > 6 => $"{string.Join(", ", names.Take(6))}, … ({names.Count})", _ => string.Join(", ", names) };
    }

    private static string Age(DateTimeOffset? check) => check is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (TimeProvider.System.GetUtcNow() - at).TotalSeconds):0}s ago")
        : "never";

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonArray list => list.Select(Plain).ToList(),
        JsonObject map => map.ToDictionary(m => m.Key, m => Plain(m.Value), StringComparer.Ordinal),
        JsonValue value => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.Number => value.GetValue<decimal>(),
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => value.GetValue<bool>(),
            _ => value.ToString(),
        },
        _ => null,
    };
}
