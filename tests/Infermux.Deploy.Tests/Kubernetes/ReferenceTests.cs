using Infermux.Deploy.Tests.Support;
using Infermux.Manifests;
using k8s.Models;

namespace Infermux.Deploy.Tests.Kubernetes;

/// <summary>Whatever one object says of another is there.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task Selectors_MatchThePodsTheyAreMeantFor(string name)
    {
        var rendering = await Renderings.OfAsync(name);

        foreach (var deployment in rendering.Deployments)
        {
            Assert.Equal([deployment], rendering.Selected(deployment.Spec.Selector.MatchLabels)); // its own pods, and nobody else's
            foreach (var spread in deployment.Spec.Template.Spec.TopologySpreadConstraints ?? [])
            {
                Assert.Equal([deployment], rendering.Selected(spread.LabelSelector.MatchLabels));
            }
        }

        foreach (var budget in rendering.All<V1PodDisruptionBudget>())
        {
            Assert.Single(rendering.Selected(budget.Spec.Selector.MatchLabels));
        }

        foreach (var service in rendering.All<V1Service>())
        {
            Assert.NotEmpty(rendering.Selected(service.Spec.Selector));
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task PortsOfServicesAndProbes_AreThoseOfThePods(string name)
    {
        var rendering = await Renderings.OfAsync(name);

        foreach (var service in rendering.All<V1Service>())
        {
            Assert.All(rendering.Selected(service.Spec.Selector), pod => Assert.All(service.Spec.Ports, port => Assert.True(pod.HasPort(port.TargetPort.Value), pod.Name())));
        }

        foreach (var deployment in rendering.Deployments)
        {
            Assert.NotEmpty(deployment.Container().Probes());
            Assert.All(deployment.Container().Probes(), probe => Assert.True(deployment.HasPort((probe.HttpGet?.Port ?? probe.TcpSocket.Port).Value)));
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task Probes_OfOurPods_AreTheThreeThatTheProductAnswers(string name)
    {
        foreach (var container in (await Renderings.OfAsync(name)).Ours().Select(deployment => deployment.Container()))
        {
            Assert.Equal(["/healthz", "/readyz", "/healthz"], container.Probes().Select(probe => probe.HttpGet.Path));
            Assert.Equal(300, container.StartupProbe.PeriodSeconds * container.StartupProbe.FailureThreshold);
            Assert.True(container.LivenessProbe.FailureThreshold * container.LivenessProbe.PeriodSeconds >= 30);
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task MountsVolumesSecretsAndConfigMaps_Resolve(string name)
    {
        var rendering = await Renderings.OfAsync(name);
        var issued = rendering.Custom.Where(found => found.Kind == "Certificate").Select(found => found.Spec["secretName"]!.GetValue<string>()).ToArray();

        foreach (var pod in rendering.Deployments.Select(deployment => deployment.Spec.Template.Spec))
        {
            var container = pod.Containers.Single();
            Assert.Equivalent(pod.Volumes.Select(volume => volume.Name), container.VolumeMounts.Select(mount => mount.Name), strict: true);
            Assert.All(container.VolumeMounts, mount => Assert.Null(mount.SubPath ?? mount.SubPathExpr)); // a file mounted by subPath never changes
            Assert.All(pod.Volumes.Where(volume => volume.ConfigMap is not null), volume => rendering.Files(volume.ConfigMap.Name));
            Assert.All(pod.Volumes.Where(volume => volume.Secret is not null), volume => Assert.True(
                issued.Contains(volume.Secret.SecretName) || Secrets.Of(rendering, volume.Secret.SecretName).Count > 0, volume.Secret.SecretName));
            Assert.Empty(container.EnvFrom ?? []);
            Assert.All(
                container.Env?.Where(variable => variable.ValueFrom is not null) ?? [],
                variable => Assert.Equal("status.podIP", variable.ValueFrom.FieldRef?.FieldPath)); // no secret in a variable, where every crash report has it
            var account = pod.ServiceAccountName;
            Assert.True(account is null || rendering.One<V1ServiceAccount>(account) is not null);
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task FilesThatVariablesName_AreMounted(string name)
    {
        var rendering = await Renderings.OfAsync(name);

        foreach (var deployment in rendering.Ours())
        {
            var volumes = deployment.Spec.Template.Spec.Volumes.ToDictionary(volume => volume.Name);
            var files = deployment.Container().VolumeMounts.SelectMany(mount => (volumes[mount.Name] switch
            {
                { ConfigMap: { } map } => rendering.Files(map.Name).Keys,
                { Secret.SecretName: "infermux" } => Secrets.Of(rendering, "infermux").Keys,
                _ => [],
            }).Select(file => $"{mount.MountPath}/{file}")).ToArray();
            var named = deployment.Container().Env.Select(variable => variable.Value).Where(value => value?.StartsWith('/') == true).ToArray();

            Assert.Equal(2, named.Length); // the configuration and the token
            Assert.Subset(files.ToHashSet(), named.ToHashSet());
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task Scaling_NamesADeploymentThatStatesNoReplicasAndAsksForProcessor(string name)
    {
        var rendering = await Renderings.OfAsync(name);
        var targets = rendering.All<V2HorizontalPodAutoscaler>().Select(scaler => scaler.Spec.ScaleTargetRef.Name)
            .Concat(rendering.Custom.Where(found => found.Kind == "ScaledObject").Select(found => found.Spec["scaleTargetRef"]!["name"]!.GetValue<string>()))
            .ToArray();

        Assert.Equal(name.StartsWith("dev", StringComparison.Ordinal) ? [] : ["infermux"], targets); // one, never two that fight
        Assert.All(targets.Select(rendering.One<V1Deployment>), deployment =>
        {
            Assert.Null(deployment.Spec.Replicas);
            Assert.Contains("cpu", deployment.Container().Resources.Requests.Keys);
        });
    }

    [Fact]
    public async Task ServiceMonitor_FindsEveryPodOfOursAndHasTheToken()
    {
        var rendering = await Renderings.OfAsync("split+monitoring");
        var monitor = rendering.OneOf("ServiceMonitor").Spec;
        var labels = monitor["selector"]!["matchLabels"]!.AsObject().ToDictionary(label => label.Key, label => label.Value!.GetValue<string>());

        var service = Assert.Single(
            rendering.All<V1Service>(), service => labels.All(label => service.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value));

        var endpoint = Assert.Single(monitor["endpoints"]!.AsArray())!;
        Assert.Contains(service.Spec.Ports, port => port.Name == endpoint["port"]!.GetValue<string>());
        Assert.Equal(rendering.Ours(), rendering.Selected(service.Spec.Selector));
        var credentials = endpoint["authorization"]!["credentials"]!;
        Assert.Contains(credentials["key"]!.GetValue<string>(), Secrets.Of(rendering, credentials["name"]!.GetValue<string>()).Keys);
        Assert.All(rendering.Ours(), deployment => Assert.Equal(
            $"/etc/infermux/secrets/{credentials["key"]}", deployment.Container().Env.Single(v => v.Name == "INFERMUX_MANAGEMENT_TOKEN_FILE").Value));
    }

    [Fact]
    public async Task HttpRoute_LeadsToAPortOfTheServiceAndCutsNoStream()
    {
        var rendering = await Renderings.OfAsync("split+gateway-api");

        var rule = Assert.Single(rendering.OneOf("HTTPRoute").Spec["rules"]!.AsArray())!;
        var backend = Assert.Single(rule["backendRefs"]!.AsArray())!;
        Assert.Contains(rendering.One<V1Service>(backend["name"]!.GetValue<string>()).Spec.Ports, port => port.Port == backend["port"]!.GetValue<int>());
        Assert.Equal("0s", rule["timeouts"]!["request"]!.GetValue<string>());
        Assert.Equal("0s", rule["timeouts"]!["backendRequest"]!.GetValue<string>());
    }
}
