using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>tls</c>; both are needed together.</summary>
public sealed record TlsOptions
{
    /// <summary>PEM certificate chain.</summary>
    [RequiredKey]
    public string CertFile { get; init; } = "";

    /// <summary>PEM private key.</summary>
    [RequiredKey]
    public string KeyFile { get; init; } = "";
}
