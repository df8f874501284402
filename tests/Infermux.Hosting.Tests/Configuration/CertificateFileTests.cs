using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Infermux.Hosting.Configuration;

namespace Infermux.Hosting.Tests.Configuration;

/// <summary>What is wrong with the files of <c>tls</c> is said at load, at its line, with the mend.</summary>
public class CertificateFileTests
{
    private const string Yaml = "providers: [{name: e, type: echo}]\ntls:\n  cert_file: cert.pem\n  key_file: key.pem\n";

    [Fact]
    public void Pair_ThatFits_LoadsWithoutAWord()
    {
        var (certificate, key) = Pair();
        Assert.Empty(Load(certificate, key).Problems);
    }

    [Fact]
    public void Certificate_ThatIsNone_IsAnErrorAtItsLine()
    {
        var (_, key) = Pair();
        Assert.StartsWith("f.yml:3:14: tls.cert_file: the file 'cert.pem' holds no PEM certificate", Error(Load("not a certificate", key)), StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_ThatIsCutShort_IsAnErrorAtItsLine()
    {
        var (_, key) = Pair();
        Assert.StartsWith("f.yml:3:14: tls.cert_file: ", Error(Load("-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n", key)), StringComparison.Ordinal);
    }

    [Fact]
    public void Key_OfAnotherCertificate_IsAnErrorAtItsLineThatNeverShowsTheKey()
    {
        var (certificate, _) = Pair();
        var (_, foreign) = Pair();
        var said = Error(Load(certificate, foreign));
        Assert.StartsWith("f.yml:4:13: tls.key_file: the file 'key.pem' is not the key of the first certificate in 'cert.pem'", said, StringComparison.Ordinal);
        Assert.Contains("unencrypted PEM key", said, StringComparison.Ordinal);
        Assert.DoesNotContain(foreign.Split('\n')[1], said, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_ThatIsNone_IsAnErrorAtItsLine()
    {
        var (certificate, _) = Pair();
        Assert.StartsWith("f.yml:4:13: tls.key_file: ", Error(Load(certificate, "no key")), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFile_IsAWarningForValidateAndAnErrorForServe()
    {
        var (certificate, _) = Pair();
        var validated = Load(certificate, null);
        Assert.NotNull(validated.Loaded);
        Assert.StartsWith("f.yml:4:13: warning: tls.key_file: the file 'key.pem' cannot be read here.", Assert.Single(validated.Problems).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("f.yml:4:13: tls.key_file: the file 'key.pem' cannot be read here. Put it there", Error(Load(certificate, null, needed: true)), StringComparison.Ordinal);
    }

    private static string Error(ConfigurationResult result)
    {
        Assert.Null(result.Loaded);
        return Assert.Single(result.Problems).ToString();
    }

    private static ConfigurationResult Load(string? certificate, string? key, bool needed = false) =>
        Sample.Loader(new() { ["f.yml"] = Yaml, ["cert.pem"] = certificate, ["key.pem"] = key }).Load(new() { Path = "f.yml", FilesNeeded = needed });

    private static (string Certificate, string Key) Pair()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
