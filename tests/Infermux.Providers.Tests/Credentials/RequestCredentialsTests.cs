using Infermux.Core.Configuration;
using Infermux.Providers.Azure;
using Infermux.Providers.Credentials;
using Infermux.Providers.Google;
using Infermux.Providers.Tests.Gemini;
using Infermux.Providers.Tests.Transport;
using Infermux.Providers.Transport;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Infermux.Providers.Tests.Credentials;

/// <summary>What a request to Azure or Vertex AI gets as it leaves.</summary>
public sealed class RequestCredentialsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Azure_WithEntra_IsSentTheTokenAsBearerAndNoKey()
    {
        var entra = new Entra("eyJ.entra");
        var seen = await SeenAsync(Azure() with { AzureClientId = "client", AzureTenantId = "tenant", AzureClientSecret = "secret" }, new(entra: () => entra));
        Assert.Equal(("Bearer eyJ.entra", ""), (seen.Authorization.ToString(), seen["api-key"].ToString()));
        Assert.Equal([new EntraIdentity(EntraScope.Resource, "tenant", "client", "secret")], entra.Asked);
    }

    [Fact]
    public async Task Vertex_IsSentTheTokenAndTheProjectThatPays()
    {
        var google = new Googles(new GoogleToken("ya29.token", "payer"));
        var seen = await SeenAsync(Vertex() with { VertexCredentialsFile = "f.json" }, new(google: () => google));
        Assert.Equal(("Bearer ya29.token", "payer", ""), (seen.Authorization.ToString(), seen["x-goog-user-project"].ToString(), seen["x-goog-api-key"].ToString()));
        Assert.Equal(["f.json"], google.Asked);
    }

    [Fact]
    public async Task OperatorsOwnHeaders_GoBeforeTheChain()
    {
        var google = new Googles(new GoogleToken("ya29.token", "payer"));
        var project = await SeenAsync(Vertex() with { Headers = Header("X-Goog-User-Project", "theirs") }, new(google: () => google));
        Assert.Equal("theirs", project["x-goog-user-project"].ToString());
        var whole = await SeenAsync(Vertex() with { Headers = Header("Authorization", "Bearer own") }, new(google: () => google));
        Assert.Equal("Bearer own", whole.Authorization.ToString());
        Assert.Single(google.Asked);
        var entra = new Entra("t");
        Assert.Equal("Bearer own", (await SeenAsync(Azure() with { Headers = Header("Authorization", "Bearer own") }, new(entra: () => entra))).Authorization.ToString());
        Assert.Empty(entra.Asked);
    }

    [Fact]
    public async Task Keys_NeedNoChain()
    {
        var azure = await SeenAsync(Azure() with { AzureAuth = AzureAuth.Key, ApiKey = "k" }, new(), "k");
        Assert.Equal("k", azure["api-key"].ToString());
        var express = await SeenAsync(Vertex() with { VertexProject = null, ApiKey = "AIza-k" }, new(), "AIza-k", on: "https://aiplatform.googleapis.com");
        Assert.Equal("AIza-k", express["x-goog-api-key"].ToString());
    }

    [Theory]
    [InlineData(true, "needs a token for azure_auth: entra, and this program was built without")]
    [InlineData(false, "needs a token for Vertex AI, and this program was built without")]
    public async Task Request_WithoutItsToken_IsNeverSent(bool azure, string expected)
    {
        await using var server = await TestServer.StartAsync(static context => context.Response.WriteAsync("no", Cancel));
        var provider = (azure ? Azure() : Vertex()) with { BaseUrl = $"http://127.0.0.1:{server.Port}", Models = ["gemini-2.5-flash"] };
        using var bare = new UpstreamTransport(TimeProvider.System);
        using var request = Request(provider, null);
        Assert.Contains(expected, (await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await bare.SendAsync(provider, request, Cancel))).Message, StringComparison.Ordinal);

        using var refusing = new UpstreamTransport(TimeProvider.System, new(entra: () => new Entra(null), google: () => new Googles(null)));
        using var another = Request(provider, null);
        Assert.Equal("nothing found", (await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await refusing.SendAsync(provider, another, Cancel))).Message);
        var check = await HealthCheck.RunAsync(provider, refusing, Cancel);
        Assert.Equal((true, false, "nothing found"), (check.Checked, check.Alive, check.Detail));
        Assert.Equal(0, server.Asked);
    }

    [Theory]
    [InlineData("https://r.openai.azure.com", null, "https://cognitiveservices.azure.com/.default")]
    [InlineData("https://r.services.ai.azure.com/openai/v1", null, "https://cognitiveservices.azure.com/.default")]
    [InlineData("https://r.services.ai.azure.com/api/projects/p/openai/v1", null, "https://ai.azure.com/.default")]
    [InlineData("https://r.openai.azure.us", null, "https://cognitiveservices.azure.us/.default")]
    [InlineData("https://r.openai.azure.cn", null, "https://cognitiveservices.azure.cn/.default")]
    [InlineData("https://r.openai.azure.com", "api://mine/.default", "api://mine/.default")]
    public void Scope_FitsTheAddressUnlessItIsSet(string url, string? given, string expected) =>
        Assert.Equal(expected, EntraScope.Of(Azure() with { BaseUrl = url, AzureScope = given }));

    [Fact]
    public async Task Chains_ThatNobodyNeeds_AreNotEvenMade()
    {
        static T Never<T>() => throw new InvalidOperationException("made for nobody");
        var sources = new CredentialSources(Never<Infermux.Providers.Aws.IAwsCredentialSource>, Never<IEntraTokenSource>, Never<IGoogleTokenSource>);
        Assert.Equal("k", (await SeenAsync(Azure() with { AzureAuth = AzureAuth.Key, ApiKey = "k" }, sources, "k"))["api-key"].ToString());
        var made = 0;
        var one = new CredentialSources(Never<Infermux.Providers.Aws.IAwsCredentialSource>, () => new Entra($"made-{++made}"), Never<IGoogleTokenSource>);
        Assert.Equal("Bearer made-1", (await SeenAsync(Azure(), one)).Authorization.ToString());
        Assert.Equal("Bearer made-1", (await SeenAsync(Azure(), one)).Authorization.ToString());
    }

    [Fact]
    public async Task HealthChecks_CarryTheToken()
    {
        var seen = new List<string>();
        await using var server = await TestServer.StartAsync(context =>
        {
            seen.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization}");
            return context.Response.WriteAsJsonAsync(new { totalTokens = 1 }, Cancel);
        });
        using var transport = new UpstreamTransport(TimeProvider.System, new(entra: () => new Entra("e"), google: () => new Googles(new GoogleToken("g"))));
        var url = $"http://127.0.0.1:{server.Port}";
        Assert.True((await HealthCheck.RunAsync(Azure() with { BaseUrl = url }, transport, Cancel)).Alive);
        Assert.True((await HealthCheck.RunAsync(Vertex() with { BaseUrl = url, Models = ["gemini-2.5-flash"] }, transport, Cancel)).Alive);
        Assert.False((await HealthCheck.RunAsync(Vertex() with { BaseUrl = url }, transport, Cancel)).Checked); // names no model to count for
        Assert.Equal(
            ["GET /openai/v1/models Bearer e", "POST /v1beta1/projects/p/locations/global/publishers/google/models/gemini-2.5-flash:countTokens Bearer g"], seen);
    }

    private static async Task<IHeaderDictionary> SeenAsync(ProviderOptions provider, CredentialSources sources, string? key = null, string? on = null)
    {
        IHeaderDictionary? seen = null;
        await using var server = await TestServer.StartAsync(context =>
        {
            seen = new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
            return context.Response.WriteAsync("{}", Cancel);
        });
        using var transport = new UpstreamTransport(TimeProvider.System, sources);
        var local = provider with { BaseUrl = $"http://127.0.0.1:{server.Port}" };
        using var request = Request(on is null ? local : provider with { BaseUrl = on }, key);
        request.RequestUri = new Uri(new Uri(local.BaseUrl), request.RequestUri!.PathAndQuery);
        using var answer = await transport.SendAsync(local, request, Cancel);
        return seen!;
    }

    private static HttpRequestMessage Request(ProviderOptions provider, string? key) => Dialects.For(provider.Type).CreateRequest(
        Translation.Inbound($$"""{"model":"mine",{{Translation.Hi}}}"""), new AttemptTarget { Provider = provider, Model = Translation.Flash25, Credential = key });

    private static ProviderOptions Azure() => new()
    {
        Name = "azure",
        Type = ProviderType.AzureOpenAi,
        AzureAuth = AzureAuth.Entra,
        BaseUrl = "https://r.openai.azure.com",
    };

    private static ProviderOptions Vertex() => new() { Name = "vertex", Type = ProviderType.Gemini, VertexProject = "p" };

    private static Dictionary<string, string> Header(string name, string value) => new(StringComparer.OrdinalIgnoreCase) { [name] = value };

    private sealed class Entra(string? token) : IEntraTokenSource
    {
        public List<EntraIdentity> Asked { get; } = [];

        public ValueTask<string> GetAsync(EntraIdentity identity, CancellationToken cancellationToken)
        {
            Asked.Add(identity);
            return token is null ? throw new CredentialUnavailableException("nothing found") : new(token);
        }
    }

    private sealed class Googles(GoogleToken? token) : IGoogleTokenSource
    {
        public List<string?> Asked { get; } = [];

        public ValueTask<GoogleToken> GetAsync(string? credentialsFile, CancellationToken cancellationToken)
        {
            Asked.Add(credentialsFile);
            return token is null ? throw new CredentialUnavailableException("nothing found") : new(token);
        }
    }
}
