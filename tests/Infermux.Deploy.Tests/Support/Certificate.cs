using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Infermux.Deploy.Tests.Support;

/// <summary>What cert-manager puts into a Secret.</summary>
internal static class Certificate
{
    public static IReadOnlyDictionary<string, string> Files { get; } = Make();

    private static Dictionary<string, string> Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=infermux.infermux.svc", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));
        return new(StringComparer.Ordinal) { ["tls.crt"] = certificate.ExportCertificatePem(), ["tls.key"] = key.ExportPkcs8PrivateKeyPem(), ["ca.crt"] = "" };
    }
}
