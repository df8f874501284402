namespace Infermux.Providers.Aws;

/// <summary>
/// Where AWS credentials come from when the file names none. The chain of AWS's own library is an assembly of its own (<c>Infermux.Providers.Aws</c>), so
/// that a host can do without it.
/// </summary>
public interface IAwsCredentialSource
{
    /// <summary>
    /// The credentials of a profile, completed at once wherever some are in memory that have not ended; those near their end are fetched anew meanwhile.
    /// </summary>
    /// <param name="profile">Its name; null: what the chain finds by itself.</param>
    /// <param name="cancellationToken">Ends the wait of this request, not what others wait for too.</param>
    /// <exception cref="CredentialUnavailableException">There are none.</exception>
    ValueTask<AwsCredentials> GetAsync(string? profile, CancellationToken cancellationToken);
}
