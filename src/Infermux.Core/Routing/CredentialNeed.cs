namespace Infermux.Core.Routing;

/// <summary>Whose credential a provider is called with.</summary>
public enum CredentialNeed
{
    /// <summary>Ours.</summary>
    Own,

    /// <summary>None: it answers without one, and takes the caller's token where there is one for it.</summary>
    None,

    /// <summary>The caller's token, which goes to one base URL only.</summary>
    Caller,
}
