using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Providers;
using Infermux.Providers.Azure;
using Infermux.Providers.Google;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Gateway.Tests;

/// <summary>Providers whose tokens Infermux fetches itself, through the whole gateway: Azure with Entra ID, Gemini on Vertex AI.</summary>
public sealed class CloudCredentialTests : IAsyncLifetime
{
    private const string Token = "ya29.token-of-ours";
    private ScriptedProvider _cloud = null!;
    private ScriptedProvider _other = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await ScriptedProvider.StartAsync(
            new() { Name = "cloud", ApiKey = Token, DefaultPrice = new ScriptedPrice(2m, 12m), Behaviour = Behaviour.Says("from the cloud") }, TestContext.Current.CancellationToken);
        _other = await ScriptedProvider.StartAsync(new() { Name = "other", Behaviour = Behaviour.Says("from the other") }, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _cloud.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Chat_IsAnsweredWithOurTokenAndNeverTheCallers(bool azure, bool stream)
    {
        await using var gateway = await StartAsync(azure, Token);

        var answer = await gateway.ChatAsync(stream: stream);

        Assert.Equal((200, "from the cloud"), (answer.Status, stream ? answer.StreamedText : answer.Content));
        Assert.True(!stream || answer.EndsCleanly, answer.Body);
        var sent = Assert.Single(_cloud.Requests).Headers;
        Assert.Equal("Bearer " + Token, sent["Authorization"]);
        Assert.DoesNotContain(sent, static header => header.Value.Contains("sk-callers-own", StringComparison.Ordinal));
        Assert.DoesNotContain("api-key", sent.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("x-goog-api-key", sent.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Embeddings_OnVertex_CostWhatVertexCounted()
    {
        await using var gateway = await StartAsync(azure: false, Token);
        var answer = await gateway.PostAsync("/v1/embeddings", """{"model":"embed","input":["one two","three"],"dimensions":4}""");
        Assert.Equal((200, 2), (answer.Status, answer.Json["data"]!.AsArray().Count));
        Assert.Equal(4, answer.Json["data"]![1]!["embedding"]!.AsArray().Count);
        Assert.Equal(_cloud.Truth.Billed.Prompt, answer.Json["usage"]!["prompt_tokens"]!.GetValue<int>());
        Assert.Equal(_cloud.Truth.Cost.ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Header("X-Infermux-Cost"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Provider_WithoutItsToken_IsLeftForTheNextOneAndAskedNothing(bool azure)
    {
        await using var gateway = await StartAsync(azure, null, Setup.OpenAi(_other, "other"));
        var answer = await gateway.ChatAsync();
        Assert.Equal((200, "from the other", "other", 0), (answer.Status, answer.Content, answer.Header("X-Infermux-Provider"), _cloud.Requests.Count));
        Assert.Empty((await gateway.GetJsonAsync("/_infermux/costs/marked"))["rows"]?.AsArray() ?? []);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_ThatIsRefused_IsOurFaultAndNotShown(bool azure)
    {
        await using var gateway = await StartAsync(azure, "ya29.another-token");
        var answer = await gateway.ChatAsync();
        Assert.Equal(502, answer.Status);
        Assert.DoesNotContain("another-token", answer.Body, StringComparison.Ordinal);
    }

    private Task<TestGateway> StartAsync(bool azure, string? token, params ProviderOptions[] others) => TestGateway.StartAsync(
        Setup.Of(RoutingStrategy.Priority, [azure ? Azure() : Vertex(), .. others]).Priced("gemini-embedding-001", 2m, 12m),
        replace: services => services.AddSingleton<IEntraTokenSource>(new Tokens(token)).AddSingleton<IGoogleTokenSource>(new Tokens(token)));

    private ProviderOptions Azure() => Common() with
    {
        Type = ProviderType.AzureOpenAi,
        AzureAuth = AzureAuth.Entra,
        AzureDeployment = "gpt",
        AzureApiVersion = "2024-10-21",
        Models = ["gpt-4o-mini"],
    };

    private ProviderOptions Vertex() => Common() with
    {
        Type = ProviderType.Gemini,
        VertexProject = "my-project",
        VertexLocation = "europe-west4",
        ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["gpt-4o-mini"] = "gemini-2.5-flash", ["embed"] = "gemini-embedding-001" },
    };

    private ProviderOptions Common() => new()
    {
        Name = "cloud",
        BaseUrl = _cloud.BaseUrl,
        Timeout = TimeSpan.FromSeconds(10),
        HealthCheck = new HealthCheckOptions { Disabled = true },
    };

    private sealed class Tokens(string? token) : IEntraTokenSource, IGoogleTokenSource
    {
        public ValueTask<string> GetAsync(EntraIdentity identity, CancellationToken cancellationToken) => new(Given());

        public ValueTask<GoogleToken> GetAsync(string? credentialsFile, CancellationToken cancellationToken) => new(new GoogleToken(Given()));

        private string Given() => token ?? throw new CredentialUnavailableException("nothing found");
    }
}
