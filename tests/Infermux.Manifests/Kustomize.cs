using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Infermux.Manifests;

/// <summary>Renders with <c>kubectl kustomize</c>, which is what <c>kubectl apply -k</c> does first. Fails by name where there is no kubectl.</summary>
public static class Kustomize
{
    private static readonly ConcurrentDictionary<string, Task<Rendering>> Rendered = new(StringComparer.Ordinal);

    /// <summary>An overlay with components over it, both by the names of their folders under <c>deploy/k8s</c>. Rendered once in a process.</summary>
    /// <exception cref="InvalidOperationException">It does not render, or is not what Kubernetes knows; the message says where and why.</exception>
    public static Task<Rendering> RenderAsync(string overlay, params string[] components) => Rendered.GetOrAdd(
        string.Join('+', [overlay, .. components]), async name => Rendering.Of(name, await BuildAsync(overlay, components)));

    /// <summary>A folder with a <c>kustomization.yaml</c>, anywhere.</summary>
    /// <exception cref="InvalidOperationException">As above.</exception>
    public static async Task<Rendering> RenderFolderAsync(string name, string folder) => Rendering.Of(name, await RunAsync(folder));

    private static async Task<string> BuildAsync(string overlay, string[] components)
    {
        // As a user's own overlay would: it names ours by a path, and kustomize knows relative ones alone.
        var folder = Directory.CreateTempSubdirectory("infermux-overlay-");
        try
        {
            string Ours(string path) => Path.GetRelativePath(folder.FullName, Clone.At($"deploy/k8s/{path}"));
            await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "kustomization.yaml"),
            [
                "apiVersion: kustomize.config.k8s.io/v1beta1",
                "kind: Kustomization",
                "resources:",
                $"  - {Ours($"overlays/{overlay}")}",
                "components:",
                .. components.Select(component => $"  - {Ours($"components/{component}")}"),
            ]);
            return await RunAsync(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(string folder)
    {
        try
        {
            using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", folder])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            var (output, error) = (kubectl.StandardOutput.ReadToEndAsync(), kubectl.StandardError.ReadToEndAsync());
            await kubectl.WaitForExitAsync();
            return kubectl.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"kubectl kustomize ended with {kubectl.ExitCode}: {await error}");
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("This test needs kubectl 1.30 or later on the PATH; .ci/run says where to get it.", missing);
        }
    }
}
