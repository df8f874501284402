using Infermux.Deploy.Tests.Support;
using k8s.Models;

namespace Infermux.Deploy.Tests.Kubernetes;

/// <summary>The restricted profile, and what we ask beyond it.</summary>
public sealed class PodSecurityTests
{
    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task EveryPod_FitsTheRestrictedProfile(string name)
    {
        foreach (var deployment in (await Renderings.OfAsync(name)).Deployments)
        {
            var (pod, container) = (deployment.Spec.Template.Spec, deployment.Container());
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.NotEqual(0, pod.SecurityContext.RunAsUser);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.Empty(pod.InitContainers ?? []);
            Assert.True(pod is { HostNetwork: null, HostPID: null, HostIPC: null });
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Null(container.SecurityContext.Capabilities.Add);
            Assert.All(container.Ports, port => Assert.Null(port.HostPort));
            Assert.All(pod.Volumes, volume => Assert.NotNull((object?)volume.ConfigMap ?? (object?)volume.Secret ?? volume.EmptyDir));
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task EveryPod_HasAReadOnlyRootNoTokenAndBoundedMemory(string name)
    {
        foreach (var deployment in (await Renderings.OfAsync(name)).Deployments)
        {
            var (pod, container) = (deployment.Spec.Template.Spec, deployment.Container());
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.False(pod.EnableServiceLinks);
            Assert.All(pod.Volumes.Where(volume => volume.EmptyDir is not null), volume => Assert.NotNull(volume.EmptyDir.SizeLimit));
            Assert.All(pod.Volumes.Where(volume => volume.Secret is not null), volume => Assert.Equal(0x120, volume.Secret.DefaultMode)); // 0440
            Assert.Equal(["cpu", "memory"], container.Resources.Requests.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(["memory"], container.Resources.Limits.Keys); // a limit of the processor makes a busy silo look dead
        }
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task NoRendering_AsksForRightsInTheCluster(string name)
    {
        var rendering = await Renderings.OfAsync(name);

        Assert.DoesNotContain(rendering.Objects, found => found is V1Role or V1ClusterRole or V1RoleBinding or V1ClusterRoleBinding);
        Assert.All(rendering.All<V1ServiceAccount>(), account => Assert.False(account.AutomountServiceAccountToken));
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task Images_AreOursOfThisVersionOrPinned(string name)
    {
        var images = (await Renderings.OfAsync(name)).Deployments.Select(deployment => deployment.Container().Image).Distinct().ToArray();

        Assert.Contains(Images.Ours, images);
        Assert.All(images, image => Assert.Matches(@"\A[a-z0-9.]+\.[a-z]+/[a-z0-9./-]+:[0-9][\w.-]*\z", image));
    }
}
