using System.Net;
using System.Text.Json;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Testing;

public sealed class ScriptedProviderOpenAiTests : IAsyncDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
    private readonly HttpClient _client = new();
    private ScriptedProvider? _provider;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }
    }

    [Fact]
    public async Task WholeAnswer_OfScriptedText_SaysItAndCountsAWordAToken()
    {
        var provider = await StartAsync(new() { Behaviour = Behaviour.Says("one two three") });
        using var response = await SendAsync(provider.Chat("12345678 caller=alice"));
        var json = await response.JsonAsync();
        Assert.Equal("one two three", json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(3, json.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(new CallerTruth(1, new TokenCount(5, Output: 3), 0.000011m), provider.Truth.Callers["alice"]);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(",\"stream_options\":{\"include_usage\":false}", 0)]
    [InlineData(",\"stream_options\":{\"include_usage\":true}", 1)]
    public async Task Stream_ByIncludeUsage_SendsOneUsageChunkOrNone(string options, int expected)
    {
        var provider = await StartAsync(new() { Behaviour = Behaviour.Says("one two three") });
        using var response = await SendAsync(provider.Chat("hi", ",\"stream\":true" + options));
        var events = await response.EventsAsync();
        Assert.Equal("[DONE]", events[^1]);
        var chunks = events.SkipLast(1).Select(static e => JsonDocument.Parse(e).RootElement).ToList();
        Assert.Equal("one two three", string.Concat(chunks.SelectMany(static c => c.GetProperty("choices").EnumerateArray())
            .Select(static c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : "")));
        Assert.Equal(expected, chunks.Count(static c => c.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object));
        Assert.Equal(3, provider.Truth.Billed.Output);
    }

    [Fact]
    public async Task Answer_UnderAnOutputCap_StopsThereAndSaysLength()
    {
        var provider = await StartAsync(new());
        using var response = await SendAsync(provider.Chat("words=50", ",\"max_completion_tokens\":7"));
        var json = await response.JsonAsync();
        Assert.Equal("length", json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(7, provider.Truth.Billed.Output);
    }

    [Fact]
    public async Task Tools_OnceOffered_AreCalledWithArgumentsOfTheirSchema()
    {
        const string tools = """,{"type":"function","function":{"name":"b"}}]""";
        var provider = await StartAsync(new() { Behaviour = new Behaviour { Answer = new AnswerScript { ToolCalls = 2 } } });
        using var response = await SendAsync(provider.Chat(
            "hi", ""","tools":[{"type":"function","function":{"name":"a","parameters":{"type":"object","properties":{"city":{"type":"string"},"n":{"type":"integer"}}}}}""" + tools));
        var message = (await response.JsonAsync()).GetProperty("choices")[0].GetProperty("message");
        var calls = message.GetProperty("tool_calls").EnumerateArray().Select(static c => c.GetProperty("function")).ToList();
        Assert.Equal("a b", string.Join(' ', calls.Select(static c => c.GetProperty("name").GetString())));
        Assert.Equal("""{"city":"example","n":1}""", calls[0].GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task StructuredOutput_OfASchema_IsAValidObject()
    {
        var provider = await StartAsync(new());
        using var response = await SendAsync(provider.Chat(
            "hi", ""","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":{"ok":{"type":"boolean"},"tags":{"type":"array","items":{"enum":["x","y"]}}}}}}"""));
        var content = (await response.JsonAsync()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
        Assert.Equal("""{"ok":true,"tags":["x"]}""", content);
    }

    [Fact]
    public async Task CachedTokens_AreInsideThePromptOnTheWireAndApartInTheBooks()
    {
        var provider = await StartAsync(new()
        {
            Behaviour = new Behaviour { Answer = new AnswerScript { PromptTokens = 100, CacheReadTokens = 60, CompletionTokens = 10 } },
            Prices = new Dictionary<string, ScriptedPrice>(StringComparer.Ordinal) { ["m"] = new(2m, 10m, CacheRead: 0.5m) },
        });
        using var response = await SendAsync(provider.Chat("hi"));
        var usage = (await response.JsonAsync()).GetProperty("usage");
        Assert.Equal(100, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(60, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        Assert.Equal(((40 * 2m) + (60 * 0.5m) + (10 * 10m)) / 1_000_000m, provider.Truth.Cost);
    }

    [Fact]
    public async Task Embeddings_AskedForBase64_AreTheSameNumbersAsFloats()
    {
        var provider = await StartAsync(new());
        using var floats = await SendAsync(Ask.Post(provider.OpenAiBaseUrl + "/embeddings", """{"model":"e","input":["a","b"]}"""));
        using var packed = await SendAsync(Ask.Post(provider.OpenAiBaseUrl + "/embeddings", """{"model":"e","input":["a","b"],"encoding_format":"base64"}"""));
        var numbers = (await floats.JsonAsync()).GetProperty("data")[1].GetProperty("embedding").EnumerateArray().Select(static n => n.GetSingle());
        var bytes = (await packed.JsonAsync()).GetProperty("data")[1].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(numbers, Enumerable.Range(0, bytes.Length / 4).Select(n => BitConverter.ToSingle(bytes, n * 4)));
        Assert.Equal(0, provider.Truth.Billed.Output);
    }

    [Theory]
    [InlineData("/openai/deployments/d/chat/completions?api-version=2024-10-21", HttpStatusCode.OK)]
    [InlineData("/openai/deployments/d/chat/completions", HttpStatusCode.NotFound)]
    [InlineData("/openai/v1/chat/completions", HttpStatusCode.OK)]
    [InlineData("/v1/completions", HttpStatusCode.OK)]
    [InlineData("/chat/completions", HttpStatusCode.NotFound)]
    public async Task Paths_AreTheVendorsOwn(string path, HttpStatusCode expected)
    {
        var provider = await StartAsync(new());
        using var response = await SendAsync(Ask.Post(provider.BaseUrl + path, """{"model":"m","prompt":"hi","messages":[{"role":"user","content":"hi"}]}"""));
        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[]}""", "messages")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"stream_options":{}}""", "stream_options")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"other","messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":""", null)]
    public async Task BadRequests_AreRefusedInOpenAisShapeAndCostNothing(string body, string? param)
    {
        var provider = await StartAsync(new() { Models = ["m"] });
        using var response = await SendAsync(Ask.Post(provider.OpenAiBaseUrl + "/chat/completions", body));
        Assert.InRange((int)response.StatusCode, 400, 404);
        Assert.Equal(param, (await response.JsonAsync()).GetProperty("error").GetProperty("param").GetString());
        Assert.Equal((1, 0m), (provider.Truth.Refused, provider.Truth.Cost));
    }

    [Fact]
    public async Task Key_OfAnother_IsRefused()
    {
        var provider = await StartAsync(new() { ApiKey = "sk-right" });
        using var wrong = await SendAsync(provider.Chat("hi").With("sk-wrong"));
        using var right = await SendAsync(provider.Chat("hi").With("sk-right"));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (wrong.StatusCode, right.StatusCode));
        Assert.Equal("sk-right sk-wrong", string.Join(' ', provider.Truth.Callers.Keys.Order(StringComparer.Ordinal)));
    }

    private async Task<ScriptedProvider> StartAsync(ScriptedProviderOptions options) => _provider = await ScriptedProvider.StartAsync(options, Cancel);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            return await _client.SendAsync(request, Cancel);
        }
    }
}
