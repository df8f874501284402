using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Infermux.Gateway.Tests.Support;

/// <summary>A certificate authority of a test's own: a root, an intermediate, and a server certificate for this machine.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);

    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _intermediate;
    private readonly X509Certificate2 _leaf;

    public Authority()
    {
        var root = new CertificateRequest("CN=Test root", _rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Root = root.CreateSelfSigned(From, From.AddDays(10));

        var intermediate = new CertificateRequest("CN=Test intermediate", _intermediateKey, HashAlgorithmName.SHA256);
        intermediate.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _intermediate = intermediate.Create(Root.SubjectName, X509SignatureGenerator.CreateForECDsa(_rootKey), From, From.AddDays(9), [1]);

        var leaf = new CertificateRequest("CN=localhost", _leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        leaf.CertificateExtensions.Add(names.Build());
        _leaf = leaf.Create(_intermediate.SubjectName, X509SignatureGenerator.CreateForECDsa(_intermediateKey), From, From.AddDays(8), [2]);
    }

    /// <summary>The only certificate a client is told.</summary>
    public X509Certificate2 Root { get; }

    /// <summary>As fullchain.pem has it: the leaf, then the intermediate.</summary>
    public string FullChain => $"{_leaf.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n";

    public string Key => _leafKey.ExportPkcs8PrivateKeyPem();

    public void Dispose()
    {
        Root.Dispose();
        _intermediate.Dispose();
        _leaf.Dispose();
        _rootKey.Dispose();
        _intermediateKey.Dispose();
        _leafKey.Dispose();
    }
}
