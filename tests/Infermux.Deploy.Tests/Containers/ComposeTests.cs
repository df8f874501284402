using System.Globalization;
using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Deploy.Tests.Support;
using Infermux.Gateway.CommandLine;
using Infermux.Gateway.Hosting;
using Infermux.Hosting.Configuration;
using Infermux.Manifests;
using Infermux.Silo;
using Infermux.Testing;

namespace Infermux.Deploy.Tests.Containers;

public sealed class ComposeTests
{
    private static readonly JsonObject Services = YamlTree.Of(File.ReadAllText(Clone.At("deploy/compose.yml")))["services"]!.AsObject();

    [Fact]
    public void Services_AreTwoGatewaysTwoSilosAndThoseBesideThem() => Assert.Equal(
        ["gateway-1", "gateway-2", "grafana", "prometheus", "silo-1", "silo-2", "valkey"],
        Services.Select(service => service.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Images_AreOursOfThisVersionOrPinned() => Assert.All(Services, service =>
    {
        var image = service.Value!["image"]!.GetValue<string>();
        if (IsOurs(service.Key))
        {
            Assert.Equal(Images.Ours, image);
        }
        else
        {
            Assert.Matches(@"\A[a-z0-9.]+\.[a-z]+/[a-z0-9./-]+:v?[0-9][\w.-]*\z", image);
        }
    });

    [Fact]
    public void OurContainers_HaveAReadOnlyRootAndNoCapability() => Assert.All(Services.Where(service => IsOurs(service.Key)), service =>
    {
        Assert.True(service.Value!["read_only"]!.GetValue<bool>());
        Assert.Equal("ALL", service.Value["cap_drop"]![0]!.GetValue<string>());
        Assert.Contains("/tmp", service.Value["tmpfs"]!.AsArray().Select(path => path!.GetValue<string>()));
        Assert.Contains(
            service.Value["tmpfs"]!.AsArray().Concat(service.Value["volumes"]!.AsArray()).Select(text => text!.GetValue<string>()),
            mount => mount.Contains("/var/lib/infermux", StringComparison.Ordinal));
    });

    /// <summary>What the guide tells the user to write is not in the clone.</summary>
    [Fact]
    public void Mounted_FromTheClone_IsThere()
    {
        var mounted = Services.SelectMany(service => service.Value!["volumes"]?.AsArray() ?? []).Select(text => text!.GetValue<string>().Split(':')[0])
            .Where(source => source.StartsWith("./", StringComparison.Ordinal)).Distinct().ToArray();

        Assert.Contains("./compose/config", mounted);
        Assert.All(mounted.Where(source => !source.Contains("secrets", StringComparison.Ordinal)), source =>
            Assert.True(Path.Exists(Clone.At($"deploy/{source[2..]}")), source));
    }

    [Fact]
    public async Task File_WithTheSecretsOfTheGuide_PassesValidateStrictAndEndsWithinTheGracePeriods()
    {
        using var folder = new TemporaryFolder();
        foreach (var secret in (string[])["redis", "api-key", "management-token"])
        {
            Assert.Contains($"> {secret}", File.ReadAllText(Clone.At("docs/kubernetes.md")), StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder.Path, secret), secret, TestContext.Current.CancellationToken);
        }

        var file = Path.Combine(folder.Path, "infermux.yml");
        var text = await File.ReadAllTextAsync(Clone.At("deploy/compose/config/infermux.yml"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text.Replace("/etc/infermux/secrets", folder.Path, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        using var said = new StringWriter();
        Assert.Equal(0, await CommandLineApp.RunAsync(["validate", "--strict", "--offline", "--config", file], TextWriter.Null, said));
        Assert.Equal("", said.ToString());

        var options = ConfigurationLoader.OfThisProcess.Load(new ConfigurationRequest { Path = file }).Loaded!.Snapshot.Options;
        Assert.True(Grace("gateway-1") >= Drain.Limit(options) + Drain.Afterwards);
        Assert.True(Grace("silo-1") >= SiloHost.Leaving);
        Assert.All(Services.Where(service => service.Key.StartsWith("gateway", StringComparison.Ordinal)), service => Assert.EndsWith(
            $":{ListenAddress.Read(options.Listen)!.Port}", service.Value!["ports"]![0]!.GetValue<string>(), StringComparison.Ordinal));
        var scraped = YamlTree.Of(File.ReadAllText(Clone.At("deploy/compose/prometheus.yml")))["scrape_configs"]![0]!;
        Assert.Equal(
            Services.Select(service => service.Key).Where(IsOurs).Select(name => $"{name}:{ListenAddress.Read(options.ManagementListen!)!.Port}"),
            scraped["static_configs"]![0]!["targets"]!.AsArray().Select(target => target!.GetValue<string>()));
    }

    private static bool IsOurs(string service) =>
        service.StartsWith("gateway", StringComparison.Ordinal) || service.StartsWith("silo", StringComparison.Ordinal);

    private static TimeSpan Grace(string service) =>
        TimeSpan.FromSeconds(int.Parse(Services[service]!["stop_grace_period"]!.GetValue<string>().TrimEnd('s'), CultureInfo.InvariantCulture));
}
