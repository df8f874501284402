using System.Text;
using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class InboundTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(30)]
    public async Task Body_OfSoManyMegabytes_Passes(int megabytes)
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { KeepBodies = false }, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));

        var answer = await gateway.ChatAsync(prompt: new string('x', megabytes << 20));

        Assert.Equal(200, answer.Status);
        Assert.True(provider.Truth.BytesReceived > megabytes << 20);
    }

    [Theory]
    [InlineData("the-right-key", 200)]
    [InlineData("another-key", 401)]
    public async Task AzuresPath_WithAzuresKey_IsAnsweredLikeOpenAis(string key, int status)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Says("good morning");
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")) with
        {
            Auth = new AuthOptions { Mode = AuthMode.StaticKey, Key = "the-right-key" },
        });

        var answer = await gateway.PostAsync(
            "/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hello"}]}""", $"api-key={key}");

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? 1 : 0, provider.Truth.Requests);
        if (status == 200)
        {
            Assert.Equal("good morning", answer.Content);
        }
    }

    [Theory]
    [InlineData("chat/completions", """{"messages":[{"role":"user","content":"hello"}]}""", false)]
    [InlineData("chat/completions", """{"stream":true,"messages":[{"role":"user","content":"hello"}]}""", true)]
    [InlineData("completions", """{"prompt":"hello"}""", false)]
    [InlineData("embeddings", """{"input":"hello"}""", false)]
    public async Task AzuresPath_WithoutAModelInTheBody_NamesIt(string operation, string body, bool streamed)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary") with
        {
            ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["my/model"] = "upstream-model" },
        }));

        var answer = await gateway.PostAsync($"/openai/deployments/my%2Fmodel/{operation}?api-version=2024-10-21", body);

        Assert.Equal(200, answer.Status);
        Assert.Equal("upstream-model", Assert.Single(provider.Requests).Model);
        Assert.StartsWith("{\"", provider.Requests[0].Body, StringComparison.Ordinal);
        var told = streamed ? System.Text.Json.Nodes.JsonNode.Parse(answer.Events[0])! : answer.Json;
        Assert.Equal("my/model", told["model"]!.GetValue<string>());
        Assert.Equal(400, (await gateway.PostAsync($"/v1/{operation}", body)).Status);
    }

    [Fact]
    public async Task AzuresPath_WithoutAModelInTheBody_ReachesProvidersOfEveryKind()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Says("good morning");
        var azure = Setup.OpenAi(provider, "azure") with
        {
            Type = ProviderType.AzureOpenAi,
            BaseUrl = provider.BaseUrl,
            AzureDeployment = "theirs",
            AzureApiVersion = "2024-10-21",
            Models = ["on-azure"],
        };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority, azure, Setup.Anthropic(provider, "claude", ("on-claude", "claude-haiku-4-5")), Setup.Gemini(provider, "gemini", ("on-gemini", "gemini-2.5-flash"))));

        foreach (var model in (string[])["on-azure", "on-claude", "on-gemini"])
        {
            var answer = await gateway.PostAsync($"/openai/deployments/{model}/chat/completions?api-version=2024-10-21", """{"messages":[{"role":"user","content":"hello"}]}""");
            Assert.Equal((200, "good morning", model), (answer.Status, answer.Content, answer.Json["model"]!.GetValue<string>()));
        }

        Assert.Equal("""{"messages":[{"role":"user","content":"hello"}]}""", provider.Requests[0].Body); // its address names the deployment
    }

    [Fact]
    public async Task Body_AboveMaxBody_Is413WithTheMend()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")) with
        {
            Limits = new LimitsOptions { MaxBody = 1000 },
        });

        var answer = await gateway.ChatAsync(prompt: new string('x', 2000));

        Assert.Equal(413, answer.Status);
        Assert.Contains("limits.max_body", answer.Body, StringComparison.Ordinal);
        Assert.Equal(0, provider.Truth.Requests);
    }

    [Theory]
    [InlineData("{\"model\":\"gpt-4o-mini\",\"messages\":[}", "invalid_request")]
    [InlineData("{\"messages\":[]}", "invalid_request")]
    [InlineData("{\"model\":\"a\",\"model\":\"b\",\"messages\":[]}", "invalid_request")]
    [InlineData("not json", "invalid_request")]
    public async Task Body_ThatIsNoRequest_Is400(string body, string code)
    {
        var (gateway, provider) = await BeginAsync();

        var answer = await gateway.PostAsync("/v1/chat/completions", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal(code, answer.Json["error"]!["code"]!.GetValue<string>());
        Assert.Equal(0, provider.Truth.Requests);
    }

    [Theory]
    [InlineData("{\"model\":\"m\",\"messages\":[}", "line 1, byte 26")]
    [InlineData("{\"model\":\"m\",\n  ]", "line 2, byte 3")]
    [InlineData("{\"model\":\"m\",\r\n\"messages\":[]", "line 2")]
    public async Task Body_ThatIsMalformed_Is400ThatNamesThePosition(string body, string position)
    {
        var gateway = await EchoAsync();

        var answer = await gateway.PostAsync("/v1/chat/completions", body);

        Assert.Equal(400, answer.Status);
        Assert.Contains($"not valid JSON at {position}", answer.Json["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DepthBomb_IsRefused()
    {
        var (gateway, provider) = await BeginAsync();
        var bomb = new StringBuilder("{\"model\":\"gpt-4o-mini\",\"messages\":").Append('[', 100_000).Append(']', 100_000).Append('}');

        var answer = await gateway.PostAsync("/v1/chat/completions", bomb.ToString());

        Assert.Equal(400, answer.Status);
        Assert.Equal(0, provider.Truth.Requests);
    }

    [Fact]
    public async Task UnknownModel_Is404ThatListsNearNames()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority, Setup.OpenAi(provider, "primary") with { Models = ["gpt-4o-mini", "gpt-4o"] }));

        var answer = await gateway.ChatAsync(model: "gpt-4o-mimi");

        Assert.Equal(404, answer.Status);
        Assert.Equal("model_not_found", answer.Header("X-Infermux-Error"));
        Assert.Contains("gpt-4o-mini", answer.Json["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StaticKey_WrongOrMissing_Is401AndTheRightOneNeverTravelsUpstream()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")) with
        {
            Auth = new AuthOptions { Mode = AuthMode.StaticKey, Key = "the-right-key" },
        });

        Assert.Equal(401, (await gateway.ChatAsync()).Status);
        Assert.Equal(200, (await gateway.ChatAsync(headers: "Authorization=Bearer the-right-key")).Status);
        Assert.DoesNotContain(provider.Requests, r => r.Headers.Values.Any(v => v.Contains("the-right-key", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task InfermuxHeaders_NeverTravelUpstreamAndUnknownFieldsDo()
    {
        var (gateway, provider) = await BeginAsync();

        await gateway.ChatAsync(more: new JsonObject { ["a_field_of_tomorrow"] = "kept" }, headers: ["X-Infermux-Caller=alice", "X-Infermux-Env=eval"]);

        var seen = Assert.Single(provider.Requests);
        Assert.DoesNotContain(seen.Headers.Keys, k => k.StartsWith("X-Infermux", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("kept", JsonNode.Parse(seen.Body)!["a_field_of_tomorrow"]!.GetValue<string>());
    }

    [Fact]
    public async Task CallerHeader_ThatIsNoName_Is400()
    {
        var (gateway, provider) = await BeginAsync();

        var answer = await gateway.ChatAsync(headers: $"X-Infermux-Caller={new string('a', 129)}");

        Assert.Equal(400, answer.Status);
        Assert.Contains("X-Infermux-Caller", answer.Body, StringComparison.Ordinal);
    }

    private async Task<(TestGateway Gateway, ScriptedProvider Provider)> BeginAsync()
    {
        var (gateway, providers) = await shared.BeginAsync([new()], static started => Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(started[0], "primary")));
        return (gateway, providers[0]);
    }

    private Task<TestGateway> EchoAsync() => shared.GatewayAsync(
        static _ => Setup.Of(RoutingStrategy.Priority, new ProviderOptions { Name = "echo", Type = ProviderType.Echo }), "echo");
}
