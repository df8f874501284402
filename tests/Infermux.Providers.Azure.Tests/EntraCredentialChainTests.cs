using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;
using Infermux.Providers.Tests.Transport;
using Infermux.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Infermux.Providers.Azure.Tests;

/// <summary>Azure's real library against endpoints of our own: those of a machine over plain http, Microsoft's authority over TLS.</summary>
public sealed class EntraCredentialChainTests : IDisposable
{
    private const string Scope = "https://cognitiveservices.azure.com/.default";
    private const string Tenant = "72f988bf-0000-0000-0000-2d7cd011db47";
    private readonly EnvironmentVariables _environment = new();

    public EntraCredentialChainTests()
    {
        foreach (var name in (string[])["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST", "AZURE_TOKEN_CREDENTIALS", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_POD_IDENTITY_AUTHORITY_HOST", "MSI_ENDPOINT"])
        {
            _environment.Set(name, null);
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _environment.Dispose();

    [Fact]
    public async Task ManagedIdentity_OfAnAppService_GivesItsToken()
    {
        var asked = new List<string>();
        await using var machine = await TestServer.StartAsync(context =>
        {
            asked.Add($"{context.Request.Path}{Uri.UnescapeDataString(context.Request.QueryString.Value!)} {context.Request.Headers["X-IDENTITY-HEADER"]}");
            return context.Response.WriteAsJsonAsync(Token("of-the-app"), Cancel);
        });
        _environment.Set("IDENTITY_ENDPOINT", $"http://localhost:{machine.Port}/msi/token").Set("IDENTITY_HEADER", "knock");
        var chain = new EntraCredentialChain(TimeProvider.System);
        Assert.Equal("of-the-app", await chain.GetAsync(new EntraIdentity(Scope), Cancel));
        Assert.Equal("of-the-app", await chain.GetAsync(new EntraIdentity(Scope), Cancel));
        Assert.Equal(["/msi/token?api-version=2019-08-01&resource=https://cognitiveservices.azure.com knock"], asked);
    }

    [Fact]
    public async Task ManagedIdentity_OfAMachine_IsAskedForTheClientThatIsNamed()
    {
        var asked = new List<string>();
        await using var machine = await TestServer.StartAsync(context =>
        {
            asked.Add(Uri.UnescapeDataString(context.Request.QueryString.Value!));
            return context.Response.WriteAsJsonAsync(Token("of-the-machine"), Cancel);
        });
        _environment.Set("AZURE_POD_IDENTITY_AUTHORITY_HOST", $"http://localhost:{machine.Port}");
        var chain = new EntraCredentialChain(TimeProvider.System);
        Assert.Equal("of-the-machine", await chain.GetAsync(new EntraIdentity(Scope, ClientId: "22222222-aaaa-0000-0000-222222222222"), Cancel));
        Assert.Equal("?api-version=2018-02-01&resource=https://cognitiveservices.azure.com&client_id=22222222-aaaa-0000-0000-222222222222", asked[^1]);
    }

    [Fact]
    public async Task WorkloadIdentity_OfAPod_TradesTheFileOfItsServiceAccount()
    {
        await using var authority = await Authority.StartAsync();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "service-account-token", Cancel);
            _environment.Set("AZURE_TENANT_ID", Tenant).Set("AZURE_CLIENT_ID", "33333333-aaaa-0000-0000-333333333333").Set("AZURE_FEDERATED_TOKEN_FILE", file);
            Assert.Equal("entra-token-1", await authority.Chain().GetAsync(new EntraIdentity(Scope), Cancel));
        }
        finally
        {
            File.Delete(file);
        }

        var form = Assert.Single(authority.Forms);
        Assert.Equal(("service-account-token", "33333333-aaaa-0000-0000-333333333333", "client_credentials"), (form["client_assertion"], form["client_id"], form["grant_type"]));
        Assert.Contains(Scope, form["scope"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientSecret_OfTheEnvironmentOrTheFile_IsTradedForAToken(bool inFile)
    {
        await using var authority = await Authority.StartAsync();
        var client = inFile ? "44444444-aaaa-0000-0000-444444444444" : "55555555-aaaa-0000-0000-555555555555";
        if (!inFile)
        {
            _environment.Set("AZURE_TENANT_ID", Tenant).Set("AZURE_CLIENT_ID", client).Set("AZURE_CLIENT_SECRET", "s3cret");
        }

        var identity = inFile ? new EntraIdentity(Scope, Tenant, client, "s3cret") : new EntraIdentity(Scope);
        Assert.Equal("entra-token-1", await authority.Chain().GetAsync(identity, Cancel));
        var form = Assert.Single(authority.Forms);
        Assert.Equal((client, "s3cret"), (form["client_id"], form["client_secret"]));
    }

    [Fact]
    public async Task Token_NearItsEnd_IsFetchedAnewByTheLibraryToo()
    {
        await using var authority = await Authority.StartAsync(life: 240); // less than both sides' five minutes
        var chain = authority.Chain();
        var identity = new EntraIdentity(Scope, Tenant, "66666666-aaaa-0000-0000-666666666666", "s3cret");
        Assert.Equal("entra-token-1", await chain.GetAsync(identity, Cancel));
        authority.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("entra-token-1", await chain.GetAsync(identity, Cancel)); // at once, while the next one is fetched
        while (await chain.GetAsync(identity, Cancel) is "entra-token-1")
        {
            await Task.Yield();
        }

        Assert.Equal(2, authority.Forms.Count);
    }

    [Fact]
    public async Task Authority_ThatRefuses_IsQuotedWithoutTheSecretAndLeftAlone()
    {
        await using var authority = await Authority.StartAsync(refuses: true);
        var chain = authority.Chain();
        var identity = new EntraIdentity(Scope, Tenant, "77777777-aaaa-0000-0000-777777777777", "s3cret-of-ours");
        var none = await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await chain.GetAsync(identity, Cancel));
        Assert.Contains("AADSTS7000215: Invalid client secret provided", none.Message, StringComparison.Ordinal);
        Assert.Contains("or api_key in place of azure_auth", none.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", none.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await chain.GetAsync(identity, Cancel));
        Assert.Single(authority.Forms);
    }

    [Fact]
    public async Task Chain_ThatFindsNothing_SaysWhereItLookedAndTheMend()
    {
        _environment.Set("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential"); // else this machine's own way of saying no would be tested
        var none = await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await new EntraCredentialChain(TimeProvider.System).GetAsync(new EntraIdentity(Scope), Cancel));
        Assert.StartsWith(
            "Microsoft Entra ID gives no token (EnvironmentCredential authentication unavailable. Environment variables are not fully configured.). Set AZURE_CLIENT_ID, ",
            none.Message, StringComparison.Ordinal);
    }

    private static object Token(string value) => new
    {
        access_token = value,
        expires_on = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        resource = "https://cognitiveservices.azure.com",
        token_type = "Bearer",
    };
}
