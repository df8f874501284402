using Infermux.Core.Configuration;
using Infermux.Deploy.Tests.Support;
using Infermux.Gateway.Hosting;
using Infermux.Manifests;
using Infermux.Silo;
using k8s.Models;

namespace Infermux.Deploy.Tests.Kubernetes;

/// <summary>The manifests and the product agree on files, ports and times.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task MountedFile_OfEveryPod_PassesValidateStrictWithoutAWord(string name)
    {
        var rendering = await Renderings.OfAsync(name);

        foreach (var deployment in rendering.Ours())
        {
            var (options, code, said) = await Configured.ReadAsync(rendering, deployment);
            Assert.Equal((0, ""), (code, said));
            Assert.Equal((StoreKind.Redis, AuthMode.StaticKey), (options.Cluster.Store, options.Auth.Mode));
            Assert.Equal("10.1.2.3", options.Cluster.AdvertisedIp);
            Assert.Equal(TimeSpan.FromSeconds(120), options.Shutdown.Drain);
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task Ports_OfTheFile_AreThoseOfThePods(string name)
    {
        var rendering = await Renderings.OfAsync(name);
        var text = rendering.Files("infermux-config")["infermux.yml"];
        var file = YamlTree.Of(text);

        foreach (var deployment in rendering.Ours())
        {
            var named = deployment.Container().Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
            Assert.All(named, port => Assert.Equal(port.Value, port.Key switch
            {
                "http" => ListenAddress.Read(file["listen"]!.GetValue<string>())!.Port,
                "management" => ListenAddress.Read(file["management_listen"]!.GetValue<string>())!.Port,
                "silo" => file["cluster"]!["silo_port"]!.GetValue<int>(),
                "orleans" => file["cluster"]!["gateway_port"]!.GetValue<int>(),
                _ => throw new InvalidOperationException($"Nobody knows port '{port.Key}'."),
            }));
            Assert.Contains(deployment.Container().VolumeMounts, mount => mount.MountPath == file["cluster"]!["data_dir"]!.GetValue<string>());
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task GracePeriod_HoldsPreStopLingerDrainAndLeavingAndSomeMore(string name)
    {
        var rendering = await Renderings.OfAsync(name);

        foreach (var deployment in rendering.Ours())
        {
            var (pod, options) = (deployment.Spec.Template.Spec, (await Configured.ReadAsync(rendering, deployment)).Options);
            var preStop = TimeSpan.FromSeconds(deployment.Container().Lifecycle?.PreStop?.Sleep?.Seconds ?? 0);
            var end = deployment.HasPort("http") ? Drain.Limit(options) + Drain.Afterwards : SiloHost.Leaving;
            Assert.True(
                pod.TerminationGracePeriodSeconds >= (preStop + end).TotalSeconds + 15,
                $"{deployment.Name()}: {pod.TerminationGracePeriodSeconds} s do not hold preStop {preStop.TotalSeconds} s and an end of {end.TotalSeconds} s");
            Assert.Equal(deployment.HasPort("http"), preStop > TimeSpan.Zero);
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task Linger_IsAsLongAsAReadinessProbeTakesToAsk(string name)
    {
        var rendering = await Renderings.OfAsync(name);

        foreach (var deployment in rendering.Ours().Where(deployment => deployment.HasPort("http")))
        {
            var linger = (await Configured.ReadAsync(rendering, deployment)).Options.Shutdown.Linger;
            Assert.True(linger >= TimeSpan.FromSeconds(deployment.Container().ReadinessProbe.PeriodSeconds!.Value), $"{linger}");
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task Rollout_TakesNoPodAwayBeforeAnotherIsThere(string name) => Assert.All((await Renderings.OfAsync(name)).Ours(), deployment =>
    {
        Assert.Equal(("0", "1"), (deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value, deployment.Spec.Strategy.RollingUpdate.MaxSurge.Value));
        Assert.Equal(deployment.Spec.Template.Spec.SecurityContext.RunAsUser, 1654); // APP_UID of the base image
    });

    [Fact]
    public void TlsFile_DiffersFromTheBaseInNothingElse()
    {
        var (plain, tls) = (File("base"), File("components/tls"));

        Assert.Equal("/etc/infermux/tls/tls.crt", tls["tls"]!["cert_file"]!.GetValue<string>());
        tls.AsObject().Remove("tls");
        Assert.Equal(plain.ToJsonString(), tls.ToJsonString());
    }

    private static System.Text.Json.Nodes.JsonNode File(string folder) =>
        YamlTree.Of(System.IO.File.ReadAllText(Clone.At($"deploy/k8s/{folder}/infermux.yml")));
}
