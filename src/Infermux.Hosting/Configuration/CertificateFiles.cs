using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Infermux.Core.Configuration;

namespace Infermux.Hosting.Configuration;

/// <summary>The two PEM files of <c>tls</c>, read into what a listener presents. What is wrong with them is found when the configuration loads.</summary>
/// <param name="Leaf">The server's own certificate, the first of the file, with its key.</param>
/// <param name="Chain">Every certificate of the file: the intermediates are sent after the leaf, so that a client which knows only the root can follow.</param>
public sealed record CertificateFiles(X509Certificate2 Leaf, X509Certificate2Collection Chain)
{
    /// <summary>Reads both files.</summary>
    /// <exception cref="CryptographicException">They do not fit together; loading the configuration would have said so.</exception>
    public static CertificateFiles Read(TlsOptions tls)
    {
        ArgumentNullException.ThrowIfNull(tls);
        return Read(File.ReadAllText(tls.CertFile), File.ReadAllText(tls.KeyFile));
    }

    /// <summary>What keeps the files from being presented; files that are not there are <see cref="NamedFiles"/>' to report.</summary>
    internal static IEnumerable<ConfigProblem> Problems(TlsOptions tls, Func<string, string?> readFile)
    {
        if (readFile(tls.CertFile) is not { } certificates || readFile(tls.KeyFile) is not { } key) { yield break; }
        if (Refused(() => Chained(certificates)) is { } unreadable)
        {
            yield return new("tls.cert_file", $"the file '{tls.CertFile}' holds no PEM certificate{unreadable}.",
                "Name a PEM file with the server's certificate first and the intermediates after it, such as fullchain.pem.");
        }
        else if (Refused(() => Read(certificates, key)) is { } unfit)
        {
            yield return new("tls.key_file", $"the file '{tls.KeyFile}' is not the key of the first certificate in '{tls.CertFile}'{unfit}.",
                "Name the unencrypted PEM key that the certificate was issued for, and put the server's own certificate first in 'tls.cert_file'.");
        }
    }

    private static CertificateFiles Read(string certificates, string key)
    {
        var chain = Chained(certificates);
        var leaf = X509Certificate2.CreateFromPem(certificates, key);

        // Windows' TLS does not take a key that lives in memory only.
        return new(OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null) : leaf, chain);
    }

    private static X509Certificate2Collection Chained(string certificates)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificates);
        return chain.Count > 0 ? chain : throw new CryptographicException("");
    }

    // The framework's sentence says what it met (an encrypted key, a foreign one) and never the key.
    private static string? Refused(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return e.Message.Length > 0 ? $": {e.Message.TrimEnd('.')}" : "";
        }
    }
}
