using System.Text.RegularExpressions;
using Infermux.Deploy.Tests.Support;
using Infermux.Manifests;
using k8s.Models;

namespace Infermux.Deploy.Tests.Kubernetes;

/// <summary>What docs/kubernetes.md tells the user to write is what it says it is.</summary>
public sealed partial class GuideTests
{
    private static readonly string Guide = File.ReadAllText(Clone.At("docs/kubernetes.md"));

    [Fact]
    public async Task OwnOverlay_OfTheGuide_RendersWithTheUsersImageAndFile()
    {
        var folder = Directory.CreateTempSubdirectory("infermux-guide-");
        try
        {
            var deploy = Path.GetRelativePath(folder.FullName, Clone.At("deploy"));
            var overlay = Overlay().Match(Guide).Groups["yaml"].Value.Replace("../deploy", deploy, StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "kustomization.yaml"), overlay, TestContext.Current.CancellationToken);
            var file = await File.ReadAllTextAsync(Clone.At("deploy/k8s/base/infermux.yml"), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "infermux.yml"), $"{file}# mine\n", TestContext.Current.CancellationToken);

            var rendering = await Kustomize.RenderFolderAsync("the guide's", folder.FullName);

            Assert.Equal($"registry.example.com/infermux:{Images.Version}", Assert.Single(rendering.Deployments).Container().Image);
            Assert.EndsWith("# mine\n", rendering.Files("infermux-config")["infermux.yml"], StringComparison.Ordinal);
            Assert.Equal("infermux-config", Assert.Single(rendering.All<V1ConfigMap>(), map => map.Data.ContainsKey("infermux.yml")).Name());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void OverlaysAndComponents_AreAllInTheGuideAndNothingElse() => Assert.Equal(
        Folders("overlays").Concat(Folders("components")).Order(StringComparer.Ordinal),
        Named().Matches(Guide).Select(named => named.Groups["folder"].Value).Distinct().Order(StringComparer.Ordinal));

    private static IEnumerable<string> Folders(string kind) =>
        Directory.GetDirectories(Clone.At($"deploy/k8s/{kind}")).Select(folder => $"{kind}/{Path.GetFileName(folder)}");

    [GeneratedRegex(@"```yaml\n *# my-infermux/kustomization.yaml\n(?<yaml>[^`]+)```", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Overlay();

    [GeneratedRegex(@"\| `(?<folder>(overlays|components)/[a-z-]+)` \|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
