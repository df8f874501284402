using Infermux.Core.Configuration;
using Infermux.Providers.Transport;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Infermux.Providers.Tests.Transport;

public sealed class HealthCheckTests : IDisposable
{
    private readonly UpstreamTransport _transport = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _transport.Dispose();

    [Theory]
    [InlineData(200, true)]
    [InlineData(404, true)]
    [InlineData(429, true)]
    [InlineData(302, true)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task Check_WithOurKey_IsDeadOnlyForServerFaultsAndARefusedKey(int status, bool alive)
    {
        string? key = null;
        await using var server = await TestServer.StartAsync(c =>
        {
            key = c.Request.Headers.Authorization;
            c.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        var result = await HealthCheck.RunAsync(new ProviderOptions { Name = "p", ApiKey = "k", BaseUrl = server.Url }, _transport, Token);
        Assert.Equal((true, alive), (result.Checked, result.Alive));
        Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), result.Detail, StringComparison.Ordinal);
        Assert.Equal("Bearer k", key);
    }

    [Fact]
    public async Task Check_OfAListing_GivesItsNames()
    {
        await using var server = await TestServer.StartAsync(c => c.Response.WriteAsync("""{"object":"list","data":[{"id":"a/b"},{"id":"c"},{}]}""", Token));
        var result = await HealthCheck.RunAsync(new ProviderOptions { Name = "p", ApiKey = "k", BaseUrl = server.Url }, _transport, Token);
        Assert.Equal(["a/b", "c"], result.Models!);
    }

    [Theory]
    [InlineData("""{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}""", false)]
    [InlineData("""{"error":{"code":400,"message":"Page size is wrong.","status":"INVALID_ARGUMENT"}}""", true)]
    public async Task Check_OfGemini_IsDeadOfA400OnlyWhereItRefusesOurKey(string body, bool alive)
    {
        (string? Path, string? Key) asked = default;
        await using var server = await TestServer.StartAsync(c =>
        {
            asked = (c.Request.Path + c.Request.QueryString, c.Request.Headers["x-goog-api-key"]);
            c.Response.StatusCode = 400;
            return c.Response.WriteAsync(body, Token);
        });
        var result = await HealthCheck.RunAsync(new ProviderOptions { Name = "g", Type = ProviderType.Gemini, ApiKey = "k", BaseUrl = server.Url }, _transport, Token);
        Assert.Equal((true, alive), (result.Checked, result.Alive));
        Assert.Equal(("/v1/models?pageSize=1000", "k"), asked);
    }

    [Fact]
    public async Task Check_OfGemini_GivesTheNamesOfModelsThatWeCanCall()
    {
        await using var server = await TestServer.StartAsync(c => c.Response.WriteAsync(
            """{"models":[{"name":"models/gemini-2.5-pro","supportedGenerationMethods":["generateContent","countTokens"]},{"name":"models/gemini-embedding-001","supportedGenerationMethods":["embedContent"]},{"name":"models/veo-3","supportedGenerationMethods":["predictLongRunning"]},{"name":"models/new"}]}""",
            Token));
        var result = await HealthCheck.RunAsync(new ProviderOptions { Name = "g", Type = ProviderType.Gemini, ApiKey = "k", BaseUrl = server.Url }, _transport, Token);
        Assert.Equal(["gemini-2.5-pro", "gemini-embedding-001", "new"], result.Models!);
    }

    [Fact]
    public async Task Check_OfOllama_NeedsNoKeyAndKnowsLatestByBothNames()
    {
        await using var server = await TestServer.StartAsync(c => c.Response.WriteAsync(
            c.Request.Path == "/api/tags" ? """{"models":[{"name":"llama3.2:latest"},{"name":"qwen3:8b"}]}""" : "", Token));
        var result = await HealthCheck.RunAsync(new ProviderOptions { Name = "o", Type = ProviderType.Ollama, BaseUrl = $"http://localhost:{server.Port}" }, _transport, Token);
        Assert.True(result.Alive);
        Assert.Equal(["llama3.2:latest", "llama3.2", "qwen3:8b"], result.Models!);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[1]")]
    [InlineData("{\"data\":5}")]
    public async Task Check_OfAPageOrOddJson_IsAliveWithoutNames(string body)
    {
        await using var server = await TestServer.StartAsync(c => c.Response.WriteAsync(body, Token));
        var result = await HealthCheck.RunAsync(new ProviderOptions { Name = "p", ApiKey = "k", BaseUrl = server.Url }, _transport, Token);
        Assert.True(result is { Checked: true, Alive: true, Models: null });
    }

    [Fact]
    public async Task Check_WithoutAnswerInTime_IsDead()
    {
        await using var server = await TestServer.StartAsync(c => Task.Delay(Timeout.Infinite, c.RequestAborted));
        var provider = new ProviderOptions { Name = "p", ApiKey = "k", BaseUrl = server.Url, HealthCheck = new HealthCheckOptions { Timeout = TimeSpan.FromMilliseconds(50) } };
        var result = await HealthCheck.RunAsync(provider, _transport, Token);
        Assert.True(result is { Checked: true, Alive: false });
        Assert.Contains("health_check.timeout", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfNobody_IsDead()
    {
        var result = await HealthCheck.RunAsync(new ProviderOptions { Name = "p", ApiKey = "k", BaseUrl = "http://localhost:1/v1" }, _transport, Token);
        Assert.True(result is { Checked: true, Alive: false });
    }

    [Fact]
    public async Task Check_WithoutKeyOrSwitchedOff_IsNotMade()
    {
        await using var server = await TestServer.StartAsync(_ => Task.CompletedTask);
        var provider = new ProviderOptions { Name = "p", ApiKey = "k", BaseUrl = server.Url };
        foreach (var off in (ProviderOptions[])[provider with { ApiKey = null }, provider with { HealthCheck = new() { Disabled = true } }, provider with { HealthCheck = new() { Method = HealthCheckMethod.None } }])
        {
            Assert.False((await HealthCheck.RunAsync(off, _transport, Token)).Checked);
        }

        Assert.Equal(0, server.Asked);
    }

    [Fact]
    public async Task Check_OfEcho_IsAliveAndNamesItsModels() =>
        Assert.Equal(["echo-v1", "lorem"], (await HealthCheck.RunAsync(new ProviderOptions { Name = "e", Type = ProviderType.Echo }, _transport, Token)).Models!);
}
