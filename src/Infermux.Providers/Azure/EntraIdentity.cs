namespace Infermux.Providers.Azure;

/// <summary>Who asks Microsoft Entra ID for a token, and for what.</summary>
/// <param name="Scope">What the token is for.</param>
/// <param name="TenantId">The tenant; null: the one of the machine's identity.</param>
/// <param name="ClientId">The managed identity, workload identity or application; null: the machine's own.</param>
/// <param name="ClientSecret">Secret of the application; null: the credential chain.</param>
public sealed record EntraIdentity(string Scope, string? TenantId = null, string? ClientId = null, string? ClientSecret = null)
{
    /// <summary>Keeps the secret to itself.</summary>
    public override string ToString() => $"Entra identity {ClientId ?? "of this machine"} for {Scope}";
}
