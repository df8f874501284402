using Infermux.Deploy.Tests.Support;
using Infermux.Manifests;
using k8s.Models;

namespace Infermux.Deploy.Tests.Kubernetes;

public sealed class NetworkTests
{
    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task Everything_IsDeniedFirst(string name)
    {
        var deny = (await Renderings.OfAsync(name)).One<V1NetworkPolicy>("default-deny").Spec;

        Assert.Null(deny.PodSelector.MatchLabels);
        Assert.Equal(["Ingress", "Egress"], deny.PolicyTypes);
        Assert.True(deny is { Ingress: null, Egress: null });
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task PortsLetIn_AreExactlyThoseOfThePod(string name)
    {
        var rendering = await Renderings.OfAsync(name);

        Assert.All(rendering.Deployments, deployment => Assert.Equal(
            deployment.Container().Ports.Select(port => port.ContainerPort).Order(), In(rendering, deployment).Distinct().Order()));
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task Rules_NameWhoMayComeAndToWhichPort(string name)
    {
        var policies = (await Renderings.OfAsync(name)).All<V1NetworkPolicy>().Select(policy => policy.Spec).ToArray();

        Assert.All(policies.SelectMany(policy => policy.Ingress ?? []), rule => Assert.True(rule is { FromProperty.Count: > 0, Ports.Count: > 0 }));
        Assert.All(policies.SelectMany(policy => policy.Egress ?? []), rule => Assert.True(rule is { To.Count: > 0, Ports.Count: > 0 }));
        Assert.All(
            policies.SelectMany(policy => policy.Egress ?? []).SelectMany(rule => rule.To).Where(to => to.IpBlock?.Cidr == "0.0.0.0/0"),
            to => Assert.Contains("169.254.0.0/16", to.IpBlock.Except)); // the cloud's metadata, where credentials lie
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task OrleansPorts_AreOpenBetweenOurPodsAlone(string name)
    {
        var rendering = await Renderings.OfAsync(name);
        var silos = rendering.Deployments.Where(deployment => deployment.HasPort("silo")).ToArray();

        Assert.NotEmpty(silos);
        foreach (var (port, from) in new[] { (11111, silos), (30000, rendering.Ours().ToArray()) })
        {
            var sources = rendering.All<V1NetworkPolicy>().SelectMany(policy => policy.Spec.Ingress ?? [])
                .Where(rule => rule.Ports.Any(open => open.Port.Value == $"{port}")).SelectMany(rule => rule.FromProperty).ToArray();
            Assert.NotEmpty(sources);
            Assert.All(sources, source => Assert.True(source is { IpBlock: null, NamespaceSelector: null }));
            Assert.Equal(from, sources.SelectMany(source => rendering.Selected(source.PodSelector.MatchLabels)).Distinct());
            Assert.All(from, deployment => Assert.Contains(port, Out(rendering, deployment)));
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task OurPods_ReachNamesStoreAndProvidersAndNothingElse(string name)
    {
        var rendering = await Renderings.OfAsync(name);
        int[] store = name.StartsWith("dev", StringComparison.Ordinal) ? [6379] : [6379, 6380, 26379];

        Assert.All(rendering.Ours(), deployment => Assert.Equal(
            ((int[])[53, 443, 30000, .. store, .. deployment.HasPort("silo") ? [11111] : (int[])[]]).Order(), Out(rendering, deployment).Distinct().Order()));
    }

    private static IEnumerable<int> In(Rendering rendering, V1Deployment deployment) =>
        Of(rendering, deployment).SelectMany(policy => policy.Spec.Ingress ?? []).SelectMany(rule => rule.Ports).Select(Number);

    private static IEnumerable<int> Out(Rendering rendering, V1Deployment deployment) =>
        Of(rendering, deployment).SelectMany(policy => policy.Spec.Egress ?? []).SelectMany(rule => rule.Ports).Select(Number);

    private static IEnumerable<V1NetworkPolicy> Of(Rendering rendering, V1Deployment deployment) =>
        rendering.All<V1NetworkPolicy>().Where(policy => rendering.Selected(policy.Spec.PodSelector.MatchLabels).Contains(deployment));

    private static int Number(V1NetworkPolicyPort port) => int.Parse(port.Port.Value, System.Globalization.CultureInfo.InvariantCulture);
}
