using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;
using Infermux.Gateway.Management;
using Infermux.Hosting.Configuration;

namespace Infermux.Gateway.Hosting;

/// <summary>What a person sees when the process serves: where, from what, with whom, and a line to try at once.</summary>
internal static class Banner
{
    public static void Write(TextWriter output, LoadedConfiguration loaded, IEnumerable<string> addresses, ProcessRole role)
    {
        var options = loaded.Snapshot.Options;
        var address = Reachable(addresses.FirstOrDefault() ?? options.Listen);
        output.WriteLine($"infermux {StatusEndpoints.Version}");
        output.WriteLine($"  config     {loaded.File ?? "none: providers from environment variables"}");
        output.WriteLine($"  state      {State(options.Cluster)}{(role == ProcessRole.Gateway ? ", in silos elsewhere (--role gateway)" : "")}");
        foreach (var provider in options.Providers)
        {
            output.WriteLine($"  provider   {provider.Name} ({ConfigWords.Of(provider.Type)}){Key(provider)}");
        }

        output.WriteLine($"  listening  {string.Join(", ", addresses)}");
        output.WriteLine($"  strategy   {ConfigWords.Of(options.Routing.Strategy)}");
        output.WriteLine();
        output.WriteLine($"  curl {address}/v1/chat/completions -H 'Content-Type: application/json' \\");
        output.WriteLine($"    -d '{{\"model\":\"{Model(options)}\",\"messages\":[{{\"role\":\"user\",\"content\":\"Hello\"}}]}}'");
        output.WriteLine();
        output.Flush();
    }

    private static string State(ClusterOptions cluster) => cluster.Store switch
    {
        StoreKind.Embedded => $"embedded store in {cluster.DataDir}, durable",
        StoreKind.Redis => "redis",
        StoreKind.Memory => "memory: budgets and costs are lost when this process ends",
        _ => throw new ArgumentOutOfRangeException(nameof(cluster), cluster.Store, "A store without words."),
    };

    private static string Key(ProviderOptions provider) => provider switch
    {
        { Type: ProviderType.Echo } => " answers by itself",
        { ApiKey: "" } => " key empty: set its variable",
        { ApiKey: not null } => " key present",
        { Type: ProviderType.Bedrock, AwsAccessKeyId: not null } => " requests are signed with its aws_access_key_id",
        { Type: ProviderType.Bedrock } => " requests are signed with what the AWS credential chain finds",
        _ when EntraScope.IsAsked(provider) => " tokens of Microsoft Entra ID",
        _ when VertexPlace.Is(provider) => " tokens of Google's application default credentials",
        _ => " no key: the caller's token is used",
    };

    /// <summary>A model that can answer now: of the first provider with a key of ours, else of the one that needs none.</summary>
    private static string Model(InfermuxOptions options)
    {
        var provider = options.Providers.FirstOrDefault(p => p.ApiKey is { Length: > 0 })
            ?? options.Providers.FirstOrDefault(p => p.Type == ProviderType.Echo) ?? options.Providers[0];
        return provider.ModelAliases.Keys.FirstOrDefault() ?? (provider.Models is [var first, ..] ? first : null)
            ?? (provider.Type == ProviderType.Echo ? "echo-v1" : provider.Type == ProviderType.Anthropic ? "claude-haiku-4-5" : "gpt-4o-mini");
    }

    private static string Reachable(string address) =>
        address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal);
}
