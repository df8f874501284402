using System.Text;
using k8s;
using k8s.Models;

namespace Infermux.Manifests;

/// <summary>One overlay, rendered and parsed. What Kubernetes knows is parsed strictly: a field that its type has not is an error.</summary>
/// <param name="Name">Overlay and components.</param>
/// <param name="Objects">Of kinds that Kubernetes knows.</param>
/// <param name="Custom">Of others.</param>
public sealed record Rendering(string Name, IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects, IReadOnlyList<CustomObject> Custom)
{
    private const string Separator = "\n---\n";

    /// <summary>The Deployments, in the order of their names.</summary>
    public IEnumerable<V1Deployment> Deployments => All<V1Deployment>();

    /// <summary>Parses what kustomize printed.</summary>
    public static Rendering Of(string name, string text)
    {
        var (objects, custom) = (new List<IKubernetesObject<V1ObjectMeta>>(), new List<CustomObject>());
        foreach (var document in text.Split(Separator))
        {
            try
            {
                Add(document, objects, custom);
            }
            catch (Exception unknown) when (unknown is not InvalidOperationException)
            {
                throw new InvalidOperationException($"{name}: {unknown.GetBaseException().Message}\n{document}", unknown);
            }
        }

        return new(name, objects, custom);
    }

    /// <summary>All of one kind.</summary>
    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    /// <summary>The one of this kind and name.</summary>
    public T One<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> =>
        All<T>().SingleOrDefault(found => string.Equals(found.Name(), name, StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"{Name} has no {typeof(T).Name} '{name}'; it has {string.Join(", ", All<T>().Select(found => found.Name()))}.");

    /// <summary>The custom one of this kind.</summary>
    public CustomObject OneOf(string kind) => Custom.Single(found => string.Equals(found.Kind, kind, StringComparison.Ordinal));

    /// <summary>The files of a ConfigMap.</summary>
    public IReadOnlyDictionary<string, string> Files(string configMap) => One<V1ConfigMap>(configMap).Data.AsReadOnly();

    /// <summary>The values of a Secret that the overlay ships; null where the user makes it.</summary>
    public IReadOnlyDictionary<string, string>? Secret(string name) =>
        All<V1Secret>().SingleOrDefault(secret => string.Equals(secret.Name(), name, StringComparison.Ordinal))?
            .Data.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetString(entry.Value), StringComparer.Ordinal);

    private static void Add(string document, List<IKubernetesObject<V1ObjectMeta>> objects, List<CustomObject> custom)
    {
        var tree = YamlTree.Of(document);
        var (version, kind) = (tree["apiVersion"]!.GetValue<string>(), tree["kind"]!.GetValue<string>());
        var group = version.Split('/')[0];
        if (group.Contains('.', StringComparison.Ordinal) && !group.EndsWith(".k8s.io", StringComparison.Ordinal) || group is "gateway.networking.k8s.io")
        {
            custom.Add(new(version, kind, tree["metadata"]!["name"]!.GetValue<string>(), tree["spec"]!));
        }
        else
        {
            objects.AddRange(KubernetesYaml.LoadAllFromString(document, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>());
        }
    }
}
