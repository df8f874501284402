using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Infermux.Providers.Credentials;

namespace Infermux.Providers.Aws;

/// <summary>
/// The credential chain of AWS's own library: environment, shared files, web identity (Kubernetes), container and instance. Role chains of profiles go
/// through its token service. What it gives is kept, and fetched anew before it ends.
/// </summary>
internal sealed class AwsCredentialChain : IAwsCredentialSource
{
    private const string Default = "";

    private readonly ConcurrentDictionary<string, RefreshedCredential<AwsCredentials>> _byProfile = new(StringComparer.Ordinal);
    private readonly Func<string?, AWSCredentials> _find;
    private readonly TimeProvider _time;

    /// <summary>The chain of this machine.</summary>
    public AwsCredentialChain(TimeProvider time)
        : this(time, static profile => profile is null ? DefaultAWSCredentialsIdentityResolver.GetCredentials() : OfProfile(profile))
    {
    }

    internal AwsCredentialChain(TimeProvider time, Func<string?, AWSCredentials> find) => (_time, _find) = (time, find);

    /// <inheritdoc/>
    public ValueTask<AwsCredentials> GetAsync(string? profile, CancellationToken cancellationToken) =>
        _byProfile.GetOrAdd(profile ?? Default, Keep).GetAsync(cancellationToken);

    private RefreshedCredential<AwsCredentials> Keep(string profile) => new(_ => FetchAsync(profile.Length == 0 ? null : profile), _time);

    private async Task<FetchedCredential<AwsCredentials>> FetchAsync(string? profile)
    {
        try
        {
            var found = _find(profile);
            if (found is RefreshingAWSCredentials refreshing && refreshing.PreemptExpiryTime < 2 * CredentialTimes.Ahead)
            {
                refreshing.PreemptExpiryTime = 2 * CredentialTimes.Ahead; // else it would give again what is about to end
            }

            var keys = await found.GetCredentialsAsync();
            return new(new AwsCredentials(keys.AccessKey, keys.SecretKey, keys.UseToken ? keys.Token : null), EndOf(found));
        }
        catch (Exception failed) when (failed is not (OperationCanceledException or CredentialUnavailableException))
        {
            var where = profile is null ? "The AWS credential chain" : $"AWS profile '{profile}'";
            var said = Failures.SecretMask.Apply(failed.Message.Split('\n')[0].Trim());
            throw new CredentialUnavailableException(
                $"{where} gives no credentials ({said}). Set AWS_ACCESS_KEY_ID, a profile, or a role of the machine or pod; or api_key.", failed);
        }
    }

    private static DateTimeOffset? EndOf(AWSCredentials found) =>
        found.Expiration is { } ends && ends > DateTime.UnixEpoch ? new DateTimeOffset(DateTime.SpecifyKind(ends.ToUniversalTime(), DateTimeKind.Utc)) : null;

    private static AWSCredentials OfProfile(string profile) => new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var found)
        ? found
        : throw new CredentialUnavailableException(
            $"AWS profile '{profile}' is not in the shared config or credentials file. Correct aws_profile, or add the profile.");
}
