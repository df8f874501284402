using System.Collections.Concurrent;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Google.Apis.Http;
using Infermux.Providers.Credentials;

namespace Infermux.Providers.Google;

/// <summary>
/// Application default credentials by Google's own library: service accounts, people's logins, federation, the machine's or pod's account. Each fetch begins
/// anew, so that a file that was replaced counts; what it gives is kept, and fetched anew before it ends.
/// </summary>
internal sealed class GoogleCredentialChain : IGoogleTokenSource
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private const string Default = "";

    /// <summary>How long a token may take: where there is no metadata server, packets to its address often vanish.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, RefreshedCredential<GoogleToken>> _byFile = new(StringComparer.Ordinal);
    private readonly IHttpClientFactory? _http;
    private readonly TimeProvider _time;

    /// <summary>The chain of this machine.</summary>
    public GoogleCredentialChain(TimeProvider time)
        : this(time, null)
    {
    }

    internal GoogleCredentialChain(TimeProvider time, IHttpClientFactory? http) => (_time, _http) = (time, http);

    /// <inheritdoc/>
    public ValueTask<GoogleToken> GetAsync(string? credentialsFile, CancellationToken cancellationToken) =>
        _byFile.GetOrAdd(credentialsFile ?? Default, Keep).GetAsync(cancellationToken);

    private RefreshedCredential<GoogleToken> Keep(string file) =>
        new(cancellationToken => FetchAsync(file.Length == 0 ? null : file, cancellationToken), _time);

    private async Task<FetchedCredential<GoogleToken>> FetchAsync(string? file, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var found = await CredentialFiles.FindAsync(file, limit.Token);
            found = found.IsCreateScopedRequired ? found.CreateScoped(Scope) : found;
            found = _http is null ? found : found.CreateWithHttpClientFactory(_http);
            var token = await ((ITokenAccess)found).GetAccessTokenForRequestAsync(null, limit.Token).WaitAsync(limit.Token);
            return new(new GoogleToken(token, found.QuotaProject), EndOf(found));
        }
        catch (Exception failed) when (failed is not CredentialUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            throw new CredentialUnavailableException(
                $"{CredentialFiles.Place(file)} gives no token ({Said(failed)}). Set GOOGLE_APPLICATION_CREDENTIALS or vertex_credentials_file, run 'gcloud auth "
                + "application-default login', or give the machine or pod a service account.",
                failed);
        }
    }

    private static DateTimeOffset? EndOf(GoogleCredential found)
    {
        var token = found.UnderlyingCredential switch
        {
            ServiceCredential service => service.Token,
            UserCredential user => user.Token,
            _ => null,
        };
        return token is { ExpiresInSeconds: { } life } ? new DateTimeOffset(DateTime.SpecifyKind(token.IssuedUtc, DateTimeKind.Utc)).AddSeconds(life) : null;
    }

    private static string Said(Exception failed)
    {
        var said = failed is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} s"
            : failed is TokenResponseException { Error: { Error: { Length: > 0 } code } error } ? $"{code}: {error.ErrorDescription}" : failed.Message;
        return Failures.SecretMask.Apply(said.Split('\n')[0].TrimEnd(' ', '.', ':'));
    }
}
