using Infermux.Deploy.Tests.Support;
using Infermux.Manifests;
using k8s.Models;

namespace Infermux.Deploy.Tests.Kubernetes;

public sealed class RenderingTests
{
    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task EveryRendering_ParsesStrictlyAndHasEverythingInItsNamespace(string name)
    {
        var rendering = await Renderings.OfAsync(name);

        Assert.NotEmpty(rendering.Deployments);
        Assert.All(rendering.Objects.Where(found => found is not V1Namespace), found => Assert.Equal("infermux", found.Namespace()));
        Assert.Equal("restricted", rendering.One<V1Namespace>("infermux").Metadata.Labels["pod-security.kubernetes.io/enforce"]);
    }

    [Fact]
    public void Parsing_AFieldThatItsTypeHasNot_Fails()
    {
        const string Misspelt = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {slector: {a: b}}\n";

        var failed = Assert.Throws<InvalidOperationException>(() => Rendering.Of("doctored", Misspelt));

        Assert.Contains("slector", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task EveryRendering_NamesEachObjectOnce(string name)
    {
        var rendering = await Renderings.OfAsync(name);

        var names = rendering.Objects.Select(found => (found.Kind, found.Name())).Concat(rendering.Custom.Select(found => (found.Kind, found.Name))).ToArray();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public async Task Components_AddWhatTheyAreNamedFor()
    {
        var rendering = await Renderings.OfAsync("split+monitoring+keda+gateway-api");

        Assert.Equal(
            ["HTTPRoute", "PrometheusRule", "ScaledObject", "ServiceMonitor"], rendering.Custom.Select(found => found.Kind).Order(StringComparer.Ordinal));
        Assert.Equal("1", rendering.One<V1ConfigMap>("infermux-dashboard").Metadata.Labels["grafana_dashboard"]);
    }
}
