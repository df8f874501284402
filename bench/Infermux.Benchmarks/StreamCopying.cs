using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Providers;
using Infermux.Providers.OpenAi;

namespace Infermux.Benchmarks;

/// <summary>What does one streamed chunk with 50 bytes of text cost on its way to the caller? The baseline copies its bytes unread.</summary>
[MemoryDiagnoser]
public class StreamCopying
{
    private const int Chunks = 100;
    private const string FiftyBytes = "fifty bytes of an answer in every chunk that comes";

    private readonly ArrayBufferWriter<byte> _output = new(1 << 20);
    private readonly byte[][] _openAi = [.. OpenAiEvents().Select(Encoding.UTF8.GetBytes)];
    private readonly byte[][] _anthropic = [.. AnthropicEvents().Select(Encoding.UTF8.GetBytes)];
    private readonly AttemptTarget _openAiTarget = new() { Provider = new ProviderOptions { Name = "p" }, Model = "gpt-4o-mini-2024-07-18", RequestId = "r1" };
    private readonly AttemptTarget _anthropicTarget = new() { Provider = new ProviderOptions { Name = "p", Type = ProviderType.Anthropic }, Model = "claude-haiku-4-5", RequestId = "r1" };
    private InferenceRequest _request = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var body = """{"model":"gpt-4o-mini","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hello"}]}"""u8.ToArray();
        _request = new InferenceRequest(Operation.ChatCompletions, body, RequestScanner.Scan(Operation.ChatCompletions, body, 64));
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Chunks)]
    public int CopyBytes()
    {
        _output.ResetWrittenCount();
        foreach (var bytes in _openAi) { _output.Write(bytes); }
        return _output.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = Chunks)]
    public int OpenAiToOpenAi() => Copy(ProviderType.OpenAi, _openAiTarget, _openAi);

    [Benchmark(OperationsPerInvoke = Chunks)]
    public int AnthropicToOpenAi() => Copy(ProviderType.Anthropic, _anthropicTarget, _anthropic);

    private int Copy(ProviderType type, AttemptTarget target, byte[][] events)
    {
        _output.ResetWrittenCount();
        var stream = Dialects.For(type).CreateStream(_request, target);
        foreach (var bytes in events) { stream.Push(bytes, _output); }
        stream.EndOfBody(_output);
        if (stream.Failure is { } failure) { throw new InvalidOperationException($"The stream was refused, so nothing was measured: {failure.Message}"); }
        stream.Complete(stream.Usage ?? new TokenUsage(1, Output: 1), "{\"cost_usd\":0.0001}"u8, _output);
        return _output.WrittenCount;
    }

    private static IEnumerable<string> OpenAiEvents()
    {
        const string head = """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-mini-2024-07-18","choices":[""";
        for (var i = 0; i < Chunks; i++)
        {
            yield return "data: " + head + $$$"""{"index":0,"delta":{"content":"{{{FiftyBytes}}}"},"finish_reason":null}]}""" + "\n\n";
        }

        yield return "data: " + head + """{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
        yield return "data: " + head + """],"usage":{"prompt_tokens":10,"completion_tokens":1000,"total_tokens":1010}}""" + "\n\ndata: [DONE]\n\n";
    }

    private static IEnumerable<string> AnthropicEvents()
    {
        yield return Event("message_start", """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":1}}}""");
        yield return Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");
        for (var i = 0; i < Chunks; i++)
        {
            yield return Event("content_block_delta", $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{FiftyBytes}}}"}}""");
        }

        yield return Event("content_block_stop", """{"type":"content_block_stop","index":0}""");
        yield return Event("message_delta", """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":1000}}""");
        yield return Event("message_stop", """{"type":"message_stop"}""");
    }

    private static string Event(string name, string json) => $"event: {name}\ndata: {json}\n\n";
}
