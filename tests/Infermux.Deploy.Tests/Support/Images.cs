using System.Text.RegularExpressions;
using Infermux.Manifests;

namespace Infermux.Deploy.Tests.Support;

/// <summary>Our image, by the version that the build has.</summary>
internal static class Images
{
    public const string Repository = "ghcr.io/infermux/infermux";

    public static string Version { get; } = Regex.Match(
        File.ReadAllText(Clone.At("Directory.Build.props")), "<Version>(?<version>.+)</Version>",
        RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["version"].Value;

    public static string Ours => $"{Repository}:{Version}";
}
