namespace Infermux.Providers.Google;

/// <summary>
/// Where tokens for Vertex AI come from. Google's own library is an assembly of its own (<c>Infermux.Providers.Google</c>), so that a host can do without it.
/// </summary>
public interface IGoogleTokenSource
{
    /// <summary>
    /// The token of a file of credentials, completed at once wherever one is in memory that has not ended; one near its end is fetched anew meanwhile.
    /// </summary>
    /// <param name="credentialsFile">The file; null: application default credentials.</param>
    /// <param name="cancellationToken">Ends the wait of this request, not what others wait for too.</param>
    /// <exception cref="CredentialUnavailableException">There is none.</exception>
    ValueTask<GoogleToken> GetAsync(string? credentialsFile, CancellationToken cancellationToken);
}
