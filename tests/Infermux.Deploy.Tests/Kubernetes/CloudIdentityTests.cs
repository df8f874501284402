using System.Text.RegularExpressions;
using Infermux.Manifests;
using k8s;
using k8s.Models;

namespace Infermux.Deploy.Tests.Kubernetes;

/// <summary>What the pages on Azure and Vertex AI tell the user to add to an overlay renders, and reaches the pods.</summary>
public sealed partial class CloudIdentityTests
{
    [Fact]
    public async Task WorkloadIdentity_OfAzure_IsOnTheServiceAccountAndOnEveryPodThatUsesIt()
    {
        var rendering = await RenderAsync("azure");
        Assert.Equal("00000000-0000-0000-0000-000000000000", Account(rendering).Metadata.Annotations["azure.workload.identity/client-id"]);
        Assert.All(Pods(rendering), static pod => Assert.Equal("true", pod.Metadata.Labels["azure.workload.identity/use"]));
    }

    [Fact]
    public async Task WorkloadIdentity_OfGoogle_IsOnTheServiceAccountAndItsMetadataServerIsOpen()
    {
        var rendering = await RenderAsync("vertex");
        Assert.Equal("infermux@my-project-123456.iam.gserviceaccount.com", Account(rendering).Metadata.Annotations["iam.gke.io/gcp-service-account"]);

        var policy = KubernetesYaml.Deserialize<V1NetworkPolicy>(Block("vertex", "# my-infermux/metadata.yaml"), strict: true);
        Assert.All(Pods(rendering), pod => Assert.All(policy.Spec.PodSelector.MatchLabels, label => Assert.Equal(label.Value, pod.Metadata.Labels[label.Key])));
        Assert.Equal(["169.254.169.252/32:988", "169.254.169.254/32:80"], policy.Spec.Egress.Select(static rule => $"{rule.To[0].IpBlock.Cidr}:{rule.Ports[0].Port.Value}"));
    }

    private static async Task<Rendering> RenderAsync(string page)
    {
        var folder = Directory.CreateTempSubdirectory("infermux-identity-");
        try
        {
            var overlay = Path.GetRelativePath(folder.FullName, Clone.At("deploy/k8s/overlays/split"));
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "kustomization.yaml"),
                $"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [{overlay}]\n{Block(page, "# my-infermux/kustomization.yaml")}",
                TestContext.Current.CancellationToken);
            return await Kustomize.RenderFolderAsync(page, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static V1ServiceAccount Account(Rendering rendering) => Assert.Single(rendering.All<V1ServiceAccount>(), static account => account.Name() is "infermux");

    private static List<V1PodTemplateSpec> Pods(Rendering rendering)
    {
        List<V1PodTemplateSpec> pods = [.. rendering.Deployments.Select(static deployment => deployment.Spec.Template)];
        Assert.Equal(2, pods.Count); // gateways and silos
        Assert.All(pods, static pod => Assert.Equal("infermux", pod.Spec.ServiceAccountName));
        return pods;
    }

    private static string Block(string page, string begins) => Blocks().Matches(File.ReadAllText(Clone.At($"docs/{page}.md")))
        .Select(static match => match.Groups["yaml"].Value).Single(block => block.StartsWith(begins, StringComparison.Ordinal));

    [GeneratedRegex("```yaml\n(?<yaml>[^`]+)```", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blocks();
}
