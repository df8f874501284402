using System.Text.RegularExpressions;
using Infermux.Manifests;

namespace Infermux.Deploy.Tests.Support;

/// <summary>Values for the Secrets of an overlay: those that it ships, or under the keys that the guide tells the user to make.</summary>
internal static partial class Secrets
{
    public static IReadOnlyDictionary<string, string> Of(Rendering rendering, string name) => rendering.Secret(name) ?? Made(name);

    /// <summary>The Secret that the guide's <c>kubectl create secret generic</c> makes.</summary>
    public static IReadOnlyDictionary<string, string> Made(string name)
    {
        var guide = File.ReadAllText(Clone.At("docs/kubernetes.md"));
        var command = Command().Matches(guide).FirstOrDefault(found => found.Groups["name"].Value == name);
        return command is null
            ? throw new InvalidOperationException($"docs/kubernetes.md does not say how to make the Secret '{name}'.")
            : Key().Matches(command.Value).Select(key => key.Groups["key"].Value).ToDictionary(key => key, key => $"{key}-of-the-test", StringComparer.Ordinal);
    }

    [GeneratedRegex(@"kubectl -n infermux create secret generic (?<name>\S+)[^`]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Command();

    [GeneratedRegex(@"--from-(literal|file)=(?<key>[a-z-]+)=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}
