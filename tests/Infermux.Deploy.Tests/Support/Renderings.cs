using Infermux.Manifests;
using k8s.Models;

namespace Infermux.Deploy.Tests.Support;

/// <summary>What the tests judge: each overlay alone, with each component, and with those that go together.</summary>
internal static class Renderings
{
    public static TheoryData<string> All =>
    [
        "all-in-one", "all-in-one+monitoring", "all-in-one+keda", "all-in-one+gateway-api", "all-in-one+tls", "all-in-one+monitoring+keda+gateway-api",
        "split", "split+monitoring", "split+keda", "split+gateway-api", "split+tls", "split+monitoring+keda+gateway-api",
        "dev", "dev+monitoring",
    ];

    public static Task<Rendering> OfAsync(string name)
    {
        var parts = name.Split('+');
        return Kustomize.RenderAsync(parts[0], parts[1..]);
    }

    /// <summary>The Deployments of our own image.</summary>
    public static IEnumerable<V1Deployment> Ours(this Rendering rendering) =>
        rendering.Deployments.Where(deployment => deployment.Spec.Template.Spec.Containers[0].Image.Contains("infermux", StringComparison.Ordinal));

    /// <summary>The Deployments whose pods carry these labels; an empty selector takes all.</summary>
    public static IReadOnlyList<V1Deployment> Selected(this Rendering rendering, IDictionary<string, string>? labels) =>
        [.. rendering.Deployments.Where(deployment => (labels ?? new Dictionary<string, string>()).All(label =>
            deployment.Spec.Template.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value))];

    public static V1Container Container(this V1Deployment deployment) => deployment.Spec.Template.Spec.Containers.Single();

    public static IEnumerable<V1Probe> Probes(this V1Container container) =>
        new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe }.OfType<V1Probe>();

    public static bool HasPort(this V1Deployment deployment, string name) => deployment.Container().Ports.Any(port => port.Name == name);
}
