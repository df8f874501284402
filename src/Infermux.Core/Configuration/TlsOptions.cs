using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>tls</c>; both are needed together.</summary>
public sealed record TlsOptions
{
    /// <summary>PEM certificate chain: the server's certificate first, the intermediates after it. Read at start.</summary>
    [RequiredKey]
    public string CertFile { get; init; } = "";

    /// <summary>PEM private key of the first certificate, not encrypted. Read at start.</summary>
    [RequiredKey]
    public string KeyFile { get; init; } = "";
}
