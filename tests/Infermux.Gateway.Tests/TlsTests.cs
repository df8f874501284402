using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Money;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class TlsTests
{
    [Fact]
    public async Task Https_WithAChainOfThree_IsTrustedByAClientThatKnowsOnlyTheRoot()
    {
        using var authority = new Authority();
        using var folder = new TemporaryFolder();
        var (cert, key) = (Path.Combine(folder.Path, "fullchain.pem"), Path.Combine(folder.Path, "key.pem"));
        await File.WriteAllTextAsync(cert, authority.FullChain, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(key, authority.Key, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, new ProviderOptions { Name = "echo", Type = ProviderType.Echo }) with
        {
            Tls = new TlsOptions { CertFile = cert, KeyFile = key },
        });
        using var client = Trusting(authority.Root);

        using var answer = await client.GetAsync(new Uri(gateway.Address, "/healthz"), TestContext.Current.CancellationToken);

        Assert.Equal("https", gateway.Address.Scheme);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        using var stranger = new Authority();
        using var mistrustful = Trusting(stranger.Root);
        await Assert.ThrowsAsync<HttpRequestException>(() => mistrustful.GetAsync(new Uri(gateway.Address, "/healthz"), TestContext.Current.CancellationToken));
    }

    private static HttpClient Trusting(X509Certificate2 root)
    {
        var chain = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        chain.CustomTrustStore.Add(root);
        return new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = chain } });
    }
}
