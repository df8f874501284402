using System.Text;
using Infermux.Core.Configuration;
using Infermux.Providers.OpenAi;
using Xunit;

namespace Infermux.Providers.Tests.OpenAi;

public sealed class OpenAiDialectTests
{
    [Theory]
    [InlineData(ProviderType.OpenAi, null, null, null, "https://api.openai.com/v1/chat/completions")]
    [InlineData(ProviderType.OpenAi, "http://vllm:8000/v1/", null, null, "http://vllm:8000/v1/chat/completions")]
    [InlineData(ProviderType.OpenAi, "https://x.services.ai.azure.com/models?api-version=1", null, null, "https://x.services.ai.azure.com/models/chat/completions?api-version=1")]
    [InlineData(ProviderType.AzureOpenAi, "https://r.openai.azure.com", "dep", "2024-08-01-preview", "https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2024-08-01-preview")]
    [InlineData(ProviderType.AzureOpenAi, "https://r.openai.azure.com/", "a b/#?", null, "https://r.openai.azure.com/openai/deployments/a%20b%2F%23%3F/chat/completions?api-version=2024-10-21")]
    [InlineData(ProviderType.AzureOpenAi, "https://r.openai.azure.com", null, null, "https://r.openai.azure.com/openai/v1/chat/completions")]
    [InlineData(ProviderType.AzureOpenAi, "https://r.openai.azure.com/openai/v1", null, null, "https://r.openai.azure.com/openai/v1/chat/completions")]
    [InlineData(ProviderType.Ollama, null, null, null, "http://localhost:11434/v1/chat/completions")]
    [InlineData(ProviderType.Ollama, "http://box:11434", null, null, "http://box:11434/v1/chat/completions")]
    [InlineData(ProviderType.Ollama, "http://box:11434/v1/", null, null, "http://box:11434/v1/chat/completions")]
    public void Address_OfEachType_IsTheDocumentedOne(ProviderType type, string? baseUrl, string? deployment, string? version, string expected)
    {
        var provider = new ProviderOptions { Name = "p", Type = type, BaseUrl = baseUrl, AzureDeployment = deployment, AzureApiVersion = version };
        using var request = Create(provider, "{\"model\":\"m\",\"messages\":[]}");
        Assert.Equal(expected, request.RequestUri!.AbsoluteUri);
    }

    [Theory]
    [InlineData(ProviderType.OpenAi, "sk-1", "Authorization", "Bearer sk-1")]
    [InlineData(ProviderType.AzureOpenAi, "0123abc", "api-key", "0123abc")]
    [InlineData(ProviderType.AzureOpenAi, "eyJh.eyJz.sig", "Authorization", "Bearer eyJh.eyJz.sig")]
    public void Credential_OfEachType_TravelsInItsHeaderAlone(ProviderType type, string key, string header, string value)
    {
        using var request = Create(new ProviderOptions { Name = "p", Type = type, BaseUrl = "https://h" }, "{\"model\":\"m\",\"messages\":[]}", key);
        Assert.Equal(value, string.Join("", request.Headers.GetValues(header)));
        Assert.False(request.Headers.Contains(string.Equals(header, "api-key", StringComparison.Ordinal) ? "Authorization" : "api-key"));
    }

    [Fact]
    public void Credential_ForEcho_StaysHere()
    {
        using var request = Create(new ProviderOptions { Name = "p", Type = ProviderType.Echo }, "{\"model\":\"m\",\"messages\":[]}", "secret");
        Assert.DoesNotContain("secret", request.Headers.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"model\":\"a/../../b#@evil.example\",\"messages\":[],\"base_url\":\"http://evil.example\",\"api_base\":\"http://evil.example\"}")]
    [InlineData("{\"model\":\"%2f%2fevil.example\",\"messages\":[],\"endpoint\":\"http://evil.example\"}")]
    public void Address_WhateverTheBodySays_IsTheConfiguredOne(string body)
    {
        foreach (var provider in (ProviderOptions[])[new() { Name = "o" }, new() { Name = "z", Type = ProviderType.AzureOpenAi, BaseUrl = "https://r.openai.azure.com", AzureDeployment = "d" }])
        {
            using var request = Create(provider, body);
            Assert.Contains(request.RequestUri!.Authority, (string[])["api.openai.com", "r.openai.azure.com"], StringComparer.Ordinal);
            Assert.EndsWith("/chat/completions", request.RequestUri.AbsolutePath, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Headers_OfTheOperator_AreSentAndWin()
    {
        var provider = new ProviderOptions { Name = "p", Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["OpenAI-Organization"] = "org", ["User-Agent"] = "mine" } };
        using var request = Create(provider, "{\"model\":\"m\",\"stream\":true,\"messages\":[]}", "k");
        Assert.Equal(("org", "mine", "text/event-stream", "r1"), (One(request, "OpenAI-Organization"), One(request, "User-Agent"), One(request, "Accept"), One(request, "X-Request-Id")));
        Assert.Equal("application/json", request.Content!.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData(ProviderType.OpenAi, null, null, "{\"max_completion_tokens\":9,")]
    [InlineData(ProviderType.OpenAi, "http://vllm/v1", null, "{\"max_tokens\":9,")]
    [InlineData(ProviderType.AzureOpenAi, "https://r", "2024-10-21", "{\"max_completion_tokens\":9,")]
    [InlineData(ProviderType.AzureOpenAi, "https://r", "2024-02-01", "{\"max_tokens\":9,")]
    [InlineData(ProviderType.Ollama, null, null, "{\"max_tokens\":9,")]
    public async Task Cap_WhereTheCallerGaveNone_GoesByTheNameTheProviderKnows(ProviderType type, string? baseUrl, string? version, string expected)
    {
        var provider = new ProviderOptions { Name = "p", Type = type, BaseUrl = baseUrl, AzureDeployment = version is null ? null : "d", AzureApiVersion = version };
        using var request = Create(provider, "{\"model\":\"m\",\"messages\":[]}", cap: 9);
        Assert.StartsWith(expected, await request.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", AbortBilling.StopsOnAbort)]
    [InlineData("https://api.groq.com/openai/v1", AbortBilling.BillsOn)]
    [InlineData("https://notgroq.com/v1", AbortBilling.StopsOnAbort)]
    [InlineData("https://api.mistral.ai/v1", AbortBilling.BillsOn)]
    [InlineData(null, AbortBilling.StopsOnAbort)]
    public void AbortBilling_IsKnownByHost(string? baseUrl, AbortBilling expected) =>
        Assert.Equal(expected, Dialects.For(ProviderType.OpenAi).AbortBilling(new ProviderOptions { BaseUrl = baseUrl }));

    [Theory]
    [InlineData(ProviderType.OpenAi, null, null, null)]
    [InlineData(ProviderType.OpenAi, "", null, null)]
    [InlineData(ProviderType.OpenAi, "k", null, "https://api.openai.com/v1/models")]
    [InlineData(ProviderType.AzureOpenAi, "k", "https://r", "https://r/openai/v1/models")]
    [InlineData(ProviderType.Ollama, null, null, "http://localhost:11434/api/tags")]
    public void HealthCheck_OfEachType_AsksForItsFreeListing(ProviderType type, string? key, string? baseUrl, string? expected)
    {
        using var request = Dialects.For(type).CreateHealthCheck(new ProviderOptions { Name = "p", Type = type, ApiKey = key, BaseUrl = baseUrl });
        Assert.Equal(expected, request?.RequestUri!.AbsoluteUri);
    }

    [Fact]
    public async Task HealthCheck_ByChat_AsksTheTargetModelForOneToken()
    {
        var provider = new ProviderOptions
        {
            Name = "p",
            ApiKey = "k",
            Models = ["fast"],
            ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["fast"] = "gpt-4o-mini" },
            HealthCheck = new HealthCheckOptions { Method = HealthCheckMethod.Chat },
        };
        using var request = Dialects.For(ProviderType.OpenAi).CreateHealthCheck(provider)!;
        Assert.Equal("""{"model":"gpt-4o-mini","max_completion_tokens":1,"messages":[{"role":"user","content":"hi"}]}""", await request.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static HttpRequestMessage Create(ProviderOptions provider, string json, string? credential = null, long? cap = null)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var request = new InferenceRequest(Operation.ChatCompletions, body, RequestScanner.Scan(Operation.ChatCompletions, body, 64));
        return Dialects.For(provider.Type).CreateRequest(request, new AttemptTarget { Provider = provider, Model = request.Facts.Model, Credential = credential, OutputCap = cap, RequestId = "r1" });
    }

    private static string One(HttpRequestMessage request, string header) => string.Join("", request.Headers.GetValues(header));
}
