using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Infermux.Manifests;

/// <summary>
/// The container of a rendered pod, prepared to run as a process of this machine: its command, its environment and its volumes are the manifest's. Changed
/// is only what a machine of its own would give it: its root (mount paths lie under a folder), its address (loopback) and its ports (free ones), wherever a
/// command, a variable or a mounted file names them.
/// </summary>
public sealed partial class LocalPod
{
    private readonly V1Container _container;
    private readonly V1PodSpec _spec;
    private readonly string _root;
    private readonly Dictionary<int, int> _ports;
    private readonly Dictionary<string, MountedFiles> _configMaps = new(StringComparer.Ordinal);

    /// <summary>Prepares the only container of a Deployment's pod.</summary>
    /// <param name="rendering">Where it is from.</param>
    /// <param name="deployment">Its name.</param>
    /// <param name="root">Folder that stands for its file system.</param>
    /// <param name="secret">The values of a Secret, by its name.</param>
    /// <param name="freePort">A port of this machine.</param>
    public LocalPod(Rendering rendering, string deployment, string root, Func<string, IReadOnlyDictionary<string, string>> secret, Func<int> freePort)
    {
        ArgumentNullException.ThrowIfNull(rendering);
        _spec = rendering.One<V1Deployment>(deployment).Spec.Template.Spec;
        (_container, _root) = (_spec.Containers.Single(), root);
        _ports = _container.Ports.ToDictionary(port => port.ContainerPort, _ => freePort());
        foreach (var mount in _container.VolumeMounts)
        {
            Mount(rendering, secret, mount);
        }
    }

    /// <summary>Program and arguments.</summary>
    public IReadOnlyList<string> Command => [.. (_container.Command ?? []).Concat(_container.Args ?? []).Select(Local)];

    /// <summary><c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment => [.. (_container.Env ?? []).Select(variable => $"{variable.Name}={Value(variable)}")];

    /// <summary>What it may take from the end of preStop to its end before it is killed.</summary>
    public TimeSpan Grace => TimeSpan.FromSeconds((_spec.TerminationGracePeriodSeconds ?? 30) - (_container.Lifecycle?.PreStop?.Sleep?.Seconds ?? 0));

    /// <summary>Where kubelet asks whether it wants traffic.</summary>
    public Uri Readiness => Asked(_container.ReadinessProbe);

    /// <summary>Where kubelet asks whether it lives.</summary>
    public Uri Liveness => Asked(_container.LivenessProbe);

    /// <summary>The port of this machine that stands for one of its ports.</summary>
    public int Port(string name) => _ports[_container.Ports.Single(port => string.Equals(port.Name, name, StringComparison.Ordinal)).ContainerPort];

    /// <summary>Where a path inside it lies on this machine.</summary>
    public string PathOf(string inside) => Local(inside);

    /// <summary>A ConfigMap has changed, and kubelet notices.</summary>
    public void Update(string configMap, IReadOnlyDictionary<string, string> files) =>
        _configMaps[configMap].Swap(files.ToDictionary(file => file.Key, file => Local(file.Value), StringComparer.Ordinal));

    private void Mount(Rendering rendering, Func<string, IReadOnlyDictionary<string, string>> secret, V1VolumeMount mount)
    {
        var volume = _spec.Volumes.Single(v => string.Equals(v.Name, mount.Name, StringComparison.Ordinal));
        var folder = Local(mount.MountPath);
        if (volume.ConfigMap is { } configMap)
        {
            var files = rendering.Files(configMap.Name).ToDictionary(file => file.Key, file => Local(file.Value), StringComparer.Ordinal);
            _configMaps[configMap.Name] = new MountedFiles(folder, files);
        }
        else if (volume.Secret is { } from)
        {
            _ = new MountedFiles(folder, secret(from.SecretName));
        }
        else if (volume.EmptyDir is not null)
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            throw new NotSupportedException($"Volume '{volume.Name}' is neither a ConfigMap, a Secret nor an emptyDir.");
        }
    }

    private string Value(V1EnvVar variable) => variable switch
    {
        { Value: { } value } => Local(value),
        { ValueFrom.FieldRef.FieldPath: "status.podIP" } => "127.0.0.1",
        _ => throw new NotSupportedException($"Variable {variable.Name} comes from somewhere that this machine has not."),
    };

    private Uri Asked(V1Probe probe) => new($"http://127.0.0.1:{Port(probe.HttpGet.Port.Value).ToString(CultureInfo.InvariantCulture)}{probe.HttpGet.Path}");

    private string Local(string text)
    {
        var mounted = string.Join('|', _container.VolumeMounts.Select(mount => Regex.Escape(mount.MountPath)));
        var rooted = Regex.Replace(text, $@"(?<![\w./])({mounted})(?![\w-])", found => _root + found.Value, RegexOptions.None, TimeSpan.FromSeconds(1));
        return Number().Replace(rooted, found => _ports.TryGetValue(int.Parse(found.Value, CultureInfo.InvariantCulture), out var port)
            ? port.ToString(CultureInfo.InvariantCulture) : found.Value);
    }

    [GeneratedRegex(@"(?<![\w.])\d{4,5}(?![\w.])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
