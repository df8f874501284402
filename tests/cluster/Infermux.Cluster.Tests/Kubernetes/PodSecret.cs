using System.Globalization;

namespace Infermux.Cluster.Tests.Kubernetes;

/// <summary>The Secret that a user makes.</summary>
internal static class PodSecret
{
    public const string ManagementToken = "management-token-of-the-test";

    public const string ApiKey = "api-key-of-the-test";

    public static IReadOnlyDictionary<string, string> For(int storePort) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["redis"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{storePort}"),
        ["management-token"] = ManagementToken,
        ["api-key"] = ApiKey,
        ["openai-api-key"] = "sk-nobody",
    };
}
