using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Tests.Fixtures;
using Xunit;

namespace Infermux.Providers.Tests.OpenAi;

public sealed class WholeReaderTests
{
    [Fact]
    public void Answer_KeepsItsBytesButForTheModelsName()
    {
        var (answer, text) = Read(""" {"id":"c", "model" : "theirs","choices":[{"index":0,"message":{"role":"assistant","content":"héé"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13},"service_tier":"flex","x":1.0}""");
        Assert.Equal("""{"id":"c", "model" : "mine","choices":[{"index":0,"message":{"role":"assistant","content":"héé"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13},"service_tier":"flex","x":1.0}""", text);
        Assert.Equal(new TokenUsage(9, Output: 4), answer.Usage);
        Assert.Equal(("flex", 3L), (answer.ServiceTier, answer.OutputCharacters));
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"server_error"}}""", FailureClass.ServerFault)]
    [InlineData("""{"id":"g","choices":[{"error":{"code":502,"message":"x"},"message":{"content":""}}]}""", FailureClass.ServerFault)]
    [InlineData("""{"error":{"code":429,"message":"m"},"user_id":"u"}""", FailureClass.RateLimited)]
    [InlineData("""{"error":"broken"}""", FailureClass.ServerFault)]
    [InlineData("""{"code":401,"message":"Unauthorized"}""", FailureClass.BadCredential)]
    [InlineData("""{"choices":[{"message":{"content":"a"},"finish_reason":"error"}]}""", FailureClass.ServerFault)]
    [InlineData("""{"choices":[{"message":{"content":"a"},"finish_reason":"insufficient_system_resource"}]}""", FailureClass.Overloaded)]
    [InlineData("""{"choices":[]}""", FailureClass.ServerFault)]
    [InlineData("""{"choices":null}""", FailureClass.ServerFault)]
    [InlineData("""{"status":"ok"}""", FailureClass.ServerFault)]
    [InlineData("""{"choices":[{"message":{"content":"a"}}]""", FailureClass.ServerFault)]
    [InlineData("[]", FailureClass.ServerFault)]
    [InlineData("\"text\"", FailureClass.ServerFault)]
    [InlineData("", FailureClass.ServerFault)]
    [InlineData("  \n\n ", FailureClass.ServerFault)]
    [InlineData("<html><title>Sign in</title></html>", FailureClass.ServerFault)]
    [InlineData("data: {\"choices\":[]}\n\n", FailureClass.ServerFault)]
    public void Answer_WithStatus200ThatIsNone_IsAFailureAndNothingIsWritten(string body, FailureClass expected)
    {
        var (answer, text) = Read(body);
        Assert.Equal(expected, answer.Failure?.Class);
        Assert.Empty(text);
        Assert.Null(answer.Usage);
    }

    [Theory]
    [InlineData("""{"model":"m","choices":[{"finish_reason":"content_filter","index":0,"content_filter_results":{}}]}""")]
    [InlineData("""{"model":"m","choices":[{"message":null,"finish_reason":"content_filter","index":0}]}""")]
    public void Choice_WithoutMessage_GetsAnEmptyOne(string body)
    {
        var (answer, text) = Read(body);
        Assert.Null(answer.Failure);
        var message = JsonDocument.Parse(text).RootElement.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal(("assistant", ""), (message.GetProperty("role").GetString(), message.GetProperty("content").GetString()));
    }

    [Fact]
    public void ToolCalls_WithoutIdOrReason_AreMended()
    {
        var (_, text) = Read("""{"model":"m","choices":[{"index":0,"finish_reason":null,"message":{"content":null,"tool_calls":[{"id":"","type":"function","function":{"name":"f","arguments":{"a":1}}},{"type":"function","function":{"name":"g","arguments":null}}]}}]}""");
        var choice = JsonDocument.Parse(text).RootElement.GetProperty("choices")[0];
        var calls = choice.GetProperty("message").GetProperty("tool_calls");
        Assert.Matches("^call_[0-9A-Za-z]{24}$", calls[0].GetProperty("id").GetString()!);
        Assert.False(calls[1].GetProperty("id").ValueEquals(calls[0].GetProperty("id").GetString()));
        Assert.Equal(("{\"a\":1}", "{}"), (calls[0].GetProperty("function").GetProperty("arguments").GetString(), calls[1].GetProperty("function").GetProperty("arguments").GetString()));
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData("{\"prompt_tokens\":10,\"completion_tokens\":4,\"total_tokens\":14,\"prompt_tokens_details\":{\"cached_tokens\":6,\"cache_write_tokens\":1},\"completion_tokens_details\":{\"reasoning_tokens\":3}}", 3, 6, 1, 4, 3)]
    [InlineData("{\"prompt_tokens\":10,\"completion_tokens\":4,\"prompt_tokens_details\":null,\"completion_tokens_details\":null}", 10, 0, 0, 4, 0)]
    [InlineData("{\"prompt_tokens\":10,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":99}}", 0, 10, 0, 4, 0)]
    [InlineData("{\"prompt_tokens\":11,\"completion_tokens\":8,\"total_tokens\":19,\"prompt_cache_hit_tokens\":5,\"prompt_cache_miss_tokens\":6}", 6, 5, 0, 8, 0)]
    [InlineData("{\"prompt_tokens\":35,\"completion_tokens\":12,\"total_tokens\":109}", 35, 0, 0, 74, 62)]
    [InlineData("{\"prompt_tokens\":-5,\"completion_tokens\":-1,\"total_tokens\":-6}", 0, 0, 0, 0, 0)]
    [InlineData("{\"prompt_tokens\":1e300,\"completion_tokens\":2.0,\"completion_tokens_details\":{\"reasoning_tokens\":50}}", 1_000_000_000, 0, 0, 2, 2)]
    [InlineData("{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}", 0, 0, 0, 0, 0)]
    [InlineData("{\"prompt_tokens\":7,\"completion_tokens\":null,\"total_tokens\":7,\"cost\":0.1,\"cost_details\":{\"prompt_tokens\":1}}", 7, 0, 0, 0, 0)]
    public void Usage_InEachForm_IsReadAndClamped(string usage, long fresh, long read, long written, long output, long reasoning) =>
        Assert.Equal(new TokenUsage(fresh, read, written, 0, output, reasoning), Read($$"""{"choices":[{"message":{"content":"a"} }],"usage":{{usage}} }""").Answer.Usage);

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"prompt_tokens\":\"many\"}")]
    public void Usage_ThatSaysNothing_IsNull(string usage) =>
        Assert.Null(Read($$"""{"choices":[{"message":{"content":"a"} }],"usage":{{usage}} }""").Answer.Usage);

    [Fact]
    public void Usage_OfAnyNumbers_NeverLowersABill() => Gen.Select(Gen.Long, Gen.Long, Gen.Long, Gen.Long, Gen.Long, Gen.Long).Sample((p, c, t, cached, written, reasoning) =>
    {
        var usage = Read($$$"""{"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":{{{p}}},"completion_tokens":{{{c}}},"total_tokens":{{{t}}},"prompt_tokens_details":{"cached_tokens":{{{cached}}},"cache_write_tokens":{{{written}}} },"completion_tokens_details":{"reasoning_tokens":{{{reasoning}}} } } }""").Answer.Usage!.Value;
        Assert.True(usage is { FreshInput: >= 0, CacheRead: >= 0, CacheWrite: >= 0, Output: >= 0, Reasoning: >= 0 } && usage.Reasoning <= usage.Output && usage.Total <= 4_000_000_000);
    });

    [Theory]
    [InlineData("azure/chat-completion-filtered.http.json", 0)]
    [InlineData("azure/chat-completion-filtered.http.json", 1)]
    [InlineData("azure/chat-404-deployment.http.json", 0)]
    [InlineData("gemini/openai-compat-tool-call-empty-id.http.json", 0)]
    [InlineData("gemini/openai-compat-tool-call-empty-id.http.json", 1)]
    [InlineData("openai-compatible/chat-reasoning-content-tools.http.json", 0)]
    [InlineData("openai-compatible/chat-reasoning-content-tools.http.json", 1)]
    public void Recorded_WholeAnswer_ComesOutReadableInTheCallersName(string file, int reply)
    {
        var replies = Recorded.Read(file);
        var (answer, text) = Read(Encoding.UTF8.GetString(replies[reply].Body));
        Assert.Null(answer.Failure);
        Assert.True(answer.Usage is { Prompt: > 0 });
        var root = JsonDocument.Parse(text).RootElement;
        Assert.Equal("mine", root.GetProperty("model").GetString());
        var message = root.GetProperty("choices")[0].GetProperty("message");
        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            Assert.All(calls.EnumerateArray(), c => Assert.NotEmpty(c.GetProperty("id").GetString()!));
        }
    }

    [Fact]
    public void Embeddings_Recorded_AreReadWithTheirUsage()
    {
        var replies = Recorded.Read("openai/embeddings.http.json");
        var (answer, text) = Read(Encoding.UTF8.GetString(replies[0].Body), Operation.Embeddings);
        Assert.Null(answer.Failure);
        Assert.True(answer.Usage is { Prompt: > 0, Output: 0 });
        Assert.Equal("mine", JsonDocument.Parse(text).RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public void Answer_OfDamagedBytes_IsReadOrFailsAndNeverThrows()
    {
        var good = """{"id":"c","model":"theirs","choices":[{"index":0,"message":{"role":"assistant","content":"\u00e9","tool_calls":[{"id":"","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4}}"""u8.ToArray();
        Gen.Select(Gen.Int[0, 5_000], Gen.Byte).Array[1, 5].Sample(
            damage =>
            {
                var body = (byte[])good.Clone();
                foreach (var (at, value) in damage)
                {
                    body[at % body.Length] = value;
                }

                var output = new ArrayBufferWriter<byte>();
                var answer = Read(body, output, Operation.ChatCompletions);
                Assert.Equal(answer.Failure is not null, output.WrittenCount == 0);
            },
            iter: 20_000);
    }

    private static (WholeAnswer Answer, string Text) Read(string body, Operation operation = Operation.ChatCompletions)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Read(Encoding.UTF8.GetBytes(body), output, operation);
        return (answer, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static WholeAnswer Read(byte[] body, ArrayBufferWriter<byte> output, Operation operation)
    {
        var sent = """{"model":"mine","messages":[],"input":"x"}"""u8.ToArray();
        var request = new InferenceRequest(operation, sent, RequestScanner.Scan(operation, sent, 64));
        return Dialects.For(ProviderType.OpenAi).ReadWhole(request, Streams.Target, body, output);
    }
}
