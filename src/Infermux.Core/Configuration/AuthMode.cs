namespace Infermux.Core.Configuration;

/// <summary>Values of <c>auth.mode</c>.</summary>
public enum AuthMode
{
    /// <summary>Callers are not checked; a provider without an <c>api_key</c> of its own gets the caller's token.</summary>
    Passthrough,

    /// <summary>Callers must send <c>auth.key</c>; it never travels upstream.</summary>
    StaticKey,
}
