using Infermux.Providers.Aws;
using Infermux.Providers.Azure;
using Infermux.Providers.Google;

namespace Infermux.Providers.Credentials;

/// <summary>The vendors' credential chains that a host was built with; each may be missing, and is missed only by a provider that needs it.</summary>
/// <param name="Aws">Keys for <c>bedrock</c> without keys in the file.</param>
/// <param name="Entra">Tokens for <c>azure_auth: entra</c>.</param>
/// <param name="Google">Tokens for Vertex AI.</param>
public sealed record CredentialSources(IAwsCredentialSource? Aws = null, IEntraTokenSource? Entra = null, IGoogleTokenSource? Google = null)
{
    /// <summary>No chain at all.</summary>
    public static CredentialSources None { get; } = new();
}
