namespace Infermux.Providers.Azure;

/// <summary>
/// Where tokens of Microsoft Entra ID come from. Azure's own library is an assembly of its own (<c>Infermux.Providers.Azure</c>), so that a host can do
/// without it.
/// </summary>
public interface IEntraTokenSource
{
    /// <summary>
    /// The token of an identity, completed at once wherever one is in memory that has not ended; one near its end is fetched anew meanwhile.
    /// </summary>
    /// <param name="identity">Whose, and for what.</param>
    /// <param name="cancellationToken">Ends the wait of this request, not what others wait for too.</param>
    /// <exception cref="CredentialUnavailableException">There is none.</exception>
    ValueTask<string> GetAsync(EntraIdentity identity, CancellationToken cancellationToken);
}
