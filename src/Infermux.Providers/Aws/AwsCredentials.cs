namespace Infermux.Providers.Aws;

/// <summary>Who signs requests to AWS.</summary>
/// <param name="AccessKeyId">The key's public name.</param>
/// <param name="SecretAccessKey">The key. It signs and is never sent.</param>
/// <param name="SessionToken">Sent along with keys that end; null for those that do not.</param>
public sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken = null)
{
    /// <summary>Names the key and keeps the rest to itself.</summary>
    public override string ToString() => $"AWS access key {AccessKeyId}";
}
