using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Infermux.Core.Configuration;
using Infermux.Gateway.Hosting;
using Infermux.Hosting.Configuration;
using Infermux.Hosting.Configuration.Reloading;
using Infermux.Hosting.Listening;
using Infermux.Hosting.Telemetry;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Deploy.Tests.Support;

/// <summary>
/// The metrics that the product has, read from <c>/metrics</c> of a whole process over redis-server in which each counter has counted once: a counter that
/// never did is not shown there.
/// </summary>
public sealed partial class Registered : IAsyncLifetime
{
    /// <summary>Name to the labels it comes with.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Metrics { get; private set; } = new Dictionary<string, IReadOnlySet<string>>();

    public async ValueTask InitializeAsync()
    {
        await using var redis = await RedisProcess.StartAsync();
        using var data = new TemporaryFolder();
        var options = new InfermuxOptions
        {
            Listen = "127.0.0.1:0",
            Log = new LogOptions { Level = LogThreshold.Error },
            Providers = [new ProviderOptions { Name = "echo", Type = ProviderType.Echo }],
            Cluster = new ClusterOptions
            {
                Store = StoreKind.Redis,
                Redis = $"127.0.0.1:{redis.Port}",
                DataDir = data.Path,
                AdvertisedIp = "127.0.0.1",
                SiloPort = FreePort.Next(),
                GatewayPort = FreePort.Next(),
            },
            Shutdown = new ShutdownOptions { Linger = TimeSpan.Zero, Drain = TimeSpan.Zero },
        };
        await using var gateway = await GatewayHost.BuildAsync(
            LoadedConfiguration.Of(options), new GatewayHostOptions { HealthChecksAtStart = false, ManagementToken = new("token") }, CancellationToken.None);
        await gateway.App.StartAsync();
        CountOnce(gateway.App.Services);
        using var client = new HttpClient { BaseAddress = new Uri(gateway.App.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "token");
        Metrics = Read(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
        await gateway.App.StopAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void CountOnce(IServiceProvider services)
    {
        var requests = services.GetRequiredService<RequestMetrics>();
        requests.AttemptEnded("echo", "echo-v1", succeeded: true, TimeSpan.FromSeconds(1));
        requests.Billed("echo", "echo-v1", 1, 1, 0.1m, priced: false);
        requests.Refused("overloaded");
        services.GetRequiredService<ReloadMetrics>().Refused();
    }

    private static Dictionary<string, IReadOnlySet<string>> Read(string text) => Sample().Matches(text)
        .GroupBy(sample => sample.Groups["name"].Value, StringComparer.Ordinal)
        .ToDictionary(
            samples => samples.Key,
            IReadOnlySet<string> (samples) => samples.SelectMany(sample => Label().Matches(sample.Groups["labels"].Value))
                .Select(label => label.Groups["label"].Value).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);

    [GeneratedRegex(@"^(?<name>[a-z_]+)(\{(?<labels>[^}]*)\})? ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();

    [GeneratedRegex(@"(?<label>[a-z_]+)=""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();
}
