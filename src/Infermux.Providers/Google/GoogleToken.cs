namespace Infermux.Providers.Google;

/// <summary>Who asks Google.</summary>
/// <param name="AccessToken">Sent as a bearer.</param>
/// <param name="QuotaProject">The project that is charged, which a person's credentials must name; null: the one that is called.</param>
public sealed record GoogleToken(string AccessToken, string? QuotaProject = null)
{
    /// <summary>Keeps the token to itself.</summary>
    public override string ToString() => "Google access token";
}
