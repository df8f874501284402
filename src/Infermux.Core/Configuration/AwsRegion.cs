using System.Text.RegularExpressions;

namespace Infermux.Core.Configuration;

/// <summary>Which region of AWS a provider of type <c>bedrock</c> is called in.</summary>
public static partial class AwsRegion
{
    /// <summary><c>aws_region</c>, else the region that the host of <c>base_url</c> names; null where neither says one.</summary>
    public static string? Of(ProviderOptions provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (provider.AwsRegion is { Length: > 0 } named)
        {
            return named;
        }

        var host = Uri.TryCreate(provider.BaseUrl, UriKind.Absolute, out var url) ? url.Host : "";
        return HostRegion().Match(host) is { Success: true } match ? match.Groups["region"].Value : null;
    }

    /// <summary><c>base_url</c> without a trailing slash, else the runtime host of the region.</summary>
    /// <exception cref="InvalidOperationException">Neither is there; <c>validate</c> refuses such a file.</exception>
    public static string BedrockUrl(ProviderOptions provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (!string.IsNullOrEmpty(provider.BaseUrl))
        {
            return provider.BaseUrl.TrimEnd('/');
        }

        var region = Of(provider)
            ?? throw new InvalidOperationException($"Provider '{provider.Name}' has neither aws_region nor base_url. Set aws_region, such as us-east-1.");
        return $"https://bedrock-runtime.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}";
    }

    /// <summary><c>bedrock-runtime.us-east-1.amazonaws.com</c>, its FIPS form, and private endpoints.</summary>
    [GeneratedRegex("(?:^|\\.)bedrock-runtime(?:-fips)?\\.(?<region>[a-z0-9-]+)\\.", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex HostRegion();
}
