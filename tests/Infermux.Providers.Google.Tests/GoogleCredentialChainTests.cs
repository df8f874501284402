using System.Security.Cryptography;
using System.Text.Json;
using Google.Apis.Http;
using Infermux.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Providers.Google.Tests;

/// <summary>Google's real library against endpoints of our own: a token endpoint named in the file, Google's own over TLS, a metadata server.</summary>
public sealed class GoogleCredentialChainTests : IDisposable
{
    private readonly EnvironmentVariables _environment = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public GoogleCredentialChainTests()
    {
        _environment.Set("GOOGLE_APPLICATION_CREDENTIALS", null).Set("GCE_METADATA_HOST", null).Set("CLOUDSDK_CONFIG", _folder.Path);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _environment.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ServiceAccount_OfAFile_SignsForAToken(bool namedByTheEnvironment)
    {
        using var key = RSA.Create(2048);
        await using var issuer = await Issuer.StartAsync();
        var file = Write("account.json", ServiceAccount(key, issuer));
        _environment.Set("GOOGLE_APPLICATION_CREDENTIALS", namedByTheEnvironment ? file : null);

        var token = await new GoogleCredentialChain(_time).GetAsync(namedByTheEnvironment ? null : file, Cancel);

        Assert.Equal(new GoogleToken("ya29.token-1"), token);
        var assertion = Assert.Single(issuer.Forms)["assertion"].Split('.');
        var claims = JsonDocument.Parse(FromBase64Url(assertion[1])).RootElement;
        Assert.Equal(
            ("infermux@my-project.iam.gserviceaccount.com", "https://www.googleapis.com/auth/cloud-platform"),
            (claims.GetProperty("iss").GetString(), claims.GetProperty("scope").GetString()));
        Assert.True(key.VerifyData(
            System.Text.Encoding.ASCII.GetBytes($"{assertion[0]}.{assertion[1]}"), FromBase64Url(assertion[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task Person_WhoLoggedInWithGcloud_IsKnownByTheWellKnownFileAndNamesTheProjectThatPays()
    {
        using var certificate = LoopbackTls.Certificate();
        await using var google = await Issuer.StartAsync(certificate: certificate);
        Write("application_default_credentials.json", """{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"1//refresh","quota_project_id":"payer"}""");

        var token = await new GoogleCredentialChain(_time, new Routed(() => LoopbackTls.Handler(google.Port, certificate))).GetAsync(null, Cancel);

        Assert.Equal(new GoogleToken("ya29.token-1", "payer"), token);
        var form = Assert.Single(google.Forms);
        Assert.Equal(("refresh_token", "1//refresh", "c"), (form["grant_type"], form["refresh_token"], form["client_id"]));
    }

    [Fact]
    public async Task Machine_WithoutAnyFile_IsAskedForItsAccount()
    {
        await using var metadata = await Issuer.StartAsync();
        _environment.Set("GCE_METADATA_HOST", $"localhost:{metadata.Port}");
        Assert.Equal(new GoogleToken("ya29.token-1"), await new GoogleCredentialChain(_time).GetAsync(null, Cancel));
        Assert.Equal(["GET /computeMetadata/v1/instance/service-accounts/default/token Metadata-Flavor=Google"], metadata.Asked);
    }

    [Fact]
    public async Task Machine_WhoseServerComesLater_IsAskedAgain()
    {
        _environment.Set("GCE_METADATA_HOST", $"localhost:{FreePort.Next()}"); // nobody listens there yet
        var chain = new GoogleCredentialChain(_time);
        var none = await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await chain.GetAsync(null, Cancel));
        Assert.StartsWith("The metadata server, asked because there is no file of Google credentials, gives no token (", none.Message, StringComparison.Ordinal);
        Assert.Contains("run 'gcloud auth application-default login'", none.Message, StringComparison.Ordinal);

        await using var metadata = await Issuer.StartAsync();
        _environment.Set("GCE_METADATA_HOST", $"localhost:{metadata.Port}");
        await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await chain.GetAsync(null, Cancel));
        _time.Advance(Credentials.CredentialTimes.Pause);
        Assert.Equal("ya29.token-1", (await chain.GetAsync(null, Cancel)).AccessToken);
    }

    [Fact]
    public async Task Token_NearItsEnd_IsGivenWhileOneFetchGetsTheNext()
    {
        using var key = RSA.Create(2048);
        await using var issuer = await Issuer.StartAsync();
        var file = Write("account.json", ServiceAccount(key, issuer));
        var chain = new GoogleCredentialChain(_time);
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => chain.GetAsync(file, Cancel).AsTask()));
        Assert.All(all, static token => Assert.Equal("ya29.token-1", token.AccessToken));
        _time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(("ya29.token-1", 1), ((await chain.GetAsync(file, Cancel)).AccessToken, issuer.Forms.Count));
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("ya29.token-1", (await chain.GetAsync(file, Cancel)).AccessToken);
        while ((await chain.GetAsync(file, Cancel)).AccessToken is "ya29.token-1")
        {
            await Task.Yield();
        }

        Assert.Equal(2, issuer.Forms.Count);
    }

    [Fact]
    public async Task Issuer_ThatRefuses_IsQuoted()
    {
        using var key = RSA.Create(2048);
        await using var issuer = await Issuer.StartAsync(refuses: true);
        var file = Write("account.json", ServiceAccount(key, issuer));
        var none = await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await new GoogleCredentialChain(_time).GetAsync(file, Cancel));
        Assert.StartsWith($"The Google credentials file '{file}' gives no token (invalid_grant: Invalid JWT Signature).", none.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Could not find file")]
    [InlineData("{}", "gives no token (")]
    [InlineData("not json", "gives no token (")]
    [InlineData("""{"type":"service_account","client_email":"a@b"}""", "gives no token (")]
    public async Task File_ThatIsNoCredential_IsNamed(string? content, string expected)
    {
        var file = content is null ? Path.Combine(_folder.Path, "missing.json") : Write("bad.json", content);
        var none = await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await new GoogleCredentialChain(_time).GetAsync(file, Cancel));
        Assert.Contains(file, none.Message, StringComparison.Ordinal);
        Assert.Contains(expected, none.Message, StringComparison.Ordinal);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static string ServiceAccount(RSA key, Issuer issuer) => JsonSerializer.Serialize(new
    {
        type = "service_account",
        project_id = "my-project",
        private_key_id = "key-1",
        private_key = key.ExportPkcs8PrivateKeyPem(),
        client_email = "infermux@my-project.iam.gserviceaccount.com",
        token_uri = $"http://localhost:{issuer.Port}/token",
    });

    private static byte[] FromBase64Url(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);

    private sealed class Routed(Func<HttpMessageHandler> handler) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => handler();
    }
}
