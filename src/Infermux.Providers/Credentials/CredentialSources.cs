using Infermux.Providers.Aws;
using Infermux.Providers.Azure;
using Infermux.Providers.Google;

namespace Infermux.Providers.Credentials;

/// <summary>
/// The vendors' credential chains that a host was built with; each may be missing, and is missed only by a provider that needs it. Each is made when the first
/// request needs it, so that a host without its cloud does not even load the vendor's library.
/// </summary>
/// <param name="aws">Keys for <c>bedrock</c> without keys in the file.</param>
/// <param name="entra">Tokens for <c>azure_auth: entra</c>.</param>
/// <param name="google">Tokens for Vertex AI.</param>
public sealed class CredentialSources(
    Func<IAwsCredentialSource?>? aws = null, Func<IEntraTokenSource?>? entra = null, Func<IGoogleTokenSource?>? google = null)
{
    private readonly Lazy<IAwsCredentialSource?> _aws = new(aws ?? (static () => null));
    private readonly Lazy<IEntraTokenSource?> _entra = new(entra ?? (static () => null));
    private readonly Lazy<IGoogleTokenSource?> _google = new(google ?? (static () => null));

    /// <summary>AWS's; null: none was built in.</summary>
    public IAwsCredentialSource? Aws => _aws.Value;

    /// <summary>Azure's; null: none was built in.</summary>
    public IEntraTokenSource? Entra => _entra.Value;

    /// <summary>Google's; null: none was built in.</summary>
    public IGoogleTokenSource? Google => _google.Value;
}
