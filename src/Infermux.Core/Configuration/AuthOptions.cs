using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>auth</c>.</summary>
public sealed record AuthOptions
{
    /// <summary><c>passthrough</c> (default) or <c>static_key</c>.</summary>
    public AuthMode Mode { get; init; } = AuthMode.Passthrough;

    /// <summary>The bearer token callers must send; required when <see cref="Mode"/> is <see cref="AuthMode.StaticKey"/>.</summary>
    [SecretKey]
    public string? Key { get; init; }
}
