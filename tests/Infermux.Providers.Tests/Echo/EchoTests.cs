using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Transport;
using Xunit;

namespace Infermux.Providers.Tests.Echo;

public sealed class EchoTests : IDisposable
{
    private static readonly ProviderOptions Provider = new() { Name = "echo", Type = ProviderType.Echo };
    private readonly UpstreamTransport _transport = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _transport.Dispose();

    [Fact]
    public async Task Chat_Whole_SaysTheLastMessageAndCountsAQuarterOfTheBytes()
    {
        var (answer, json) = await WholeAsync(Operation.ChatCompletions, """{"model":"mine","messages":[{"role":"system","content":"12345678"},{"role":"user","content":[{"type":"text","text":"hello"}]}]}""");
        Assert.Null(answer.Failure);
        Assert.Equal("echo: hello", json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("mine", json.GetProperty("model").GetString());
        Assert.Equal(new TokenUsage(3, Output: 2), answer.Usage);
    }

    [Fact]
    public async Task Chat_WithAnOutputCap_StopsThere()
    {
        var (answer, json) = await WholeAsync(Operation.ChatCompletions, """{"model":"m","messages":[{"role":"user","content":"a long message ééé"}]}""", cap: 3);
        Assert.Equal(3, answer.Usage!.Value.Output);
        Assert.Equal("length", json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Chat_Streamed_SaysTheSameInPieces()
    {
        var request = Request(Operation.ChatCompletions, """{"model":"mine","stream":true,"messages":[{"role":"user","content":"hello big world"}]}""");
        var target = new AttemptTarget { Provider = Provider, Model = "echo-v1" };
        using var message = Dialects.For(ProviderType.Echo).CreateRequest(request, target);
        using var response = await _transport.SendAsync(Provider, message, Token);
        var stream = Dialects.For(ProviderType.Echo).CreateStream(request, target);
        var output = new ArrayBufferWriter<byte>();
        var progress = stream.Push(await response.Content.ReadAsByteArrayAsync(Token), output);
        Assert.True(progress.HasFlag(StreamProgress.Content | StreamProgress.Ended));
        stream.Complete(stream.Usage!.Value, default, output);
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        var said = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[..^1].Select(e => JsonDocument.Parse(e[6..]).RootElement.GetProperty("choices")[0].GetProperty("delta"))
            .Select(d => d.TryGetProperty("content", out var c) ? c.GetString() : "");
        Assert.Equal("echo: hello big world", string.Concat(said));
        Assert.Equal(new TokenUsage(3, Output: 5), stream.Usage);
        Assert.DoesNotContain("usage", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completions_Whole_SaysThePrompt()
    {
        var (_, json) = await WholeAsync(Operation.Completions, """{"model":"m","prompt":"hi"}""");
        Assert.Equal("echo: hi", json.GetProperty("choices")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Embeddings_OfTheSameText_AreTheSameVectorInBothEncodings()
    {
        var (answer, json) = await WholeAsync(Operation.Embeddings, """{"model":"m","input":["a","b","a"]}""");
        var vectors = json.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("embedding").EnumerateArray().Select(n => n.GetSingle()).ToArray()).ToArray();
        Assert.Equal(vectors[0], vectors[2]);
        Assert.NotEqual(vectors[0], vectors[1]);
        Assert.Equal(new TokenUsage(3), answer.Usage);
        var (_, encoded) = await WholeAsync(Operation.Embeddings, """{"model":"m","input":"a","encoding_format":"base64"}""");
        var bytes = encoded.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(vectors[0], Enumerable.Range(0, vectors[0].Length).Select(i => BitConverter.ToSingle(bytes, i * 4)).ToArray());
    }

    [Fact]
    public async Task Lorem_SaysAParagraph()
    {
        var (_, json) = await WholeAsync(Operation.ChatCompletions, """{"model":"x","messages":[]}""", model: "lorem");
        Assert.StartsWith("Lorem ipsum", json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    private async Task<(WholeAnswer Answer, JsonElement Json)> WholeAsync(Operation operation, string body, long? cap = null, string model = "echo-v1")
    {
        var request = Request(operation, body);
        var target = new AttemptTarget { Provider = Provider, Model = model, OutputCap = cap };
        var dialect = Dialects.For(ProviderType.Echo);
        using var message = dialect.CreateRequest(request, target);
        using var response = await _transport.SendAsync(Provider, message, Token);
        var output = new ArrayBufferWriter<byte>();
        var answer = dialect.ReadWhole(request, target, await response.Content.ReadAsByteArrayAsync(Token), output);
        return (answer, JsonDocument.Parse(output.WrittenMemory).RootElement);
    }

    private static InferenceRequest Request(Operation operation, string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return new InferenceRequest(operation, body, RequestScanner.Scan(operation, body, 64));
    }
}
