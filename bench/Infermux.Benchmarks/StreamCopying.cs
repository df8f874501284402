using System.Buffers;
using BenchmarkDotNet.Attributes;
using Infermux.Core.Pricing;
using Infermux.Providers;

namespace Infermux.Benchmarks;

/// <summary>What does one streamed chunk with 50 bytes of text cost on its way to the caller? Beside OpenAI's dialect, the baseline, its bytes are copied unread.</summary>
[MemoryDiagnoser]
public class StreamCopying
{
    private const int Chunks = 100;

    private readonly ArrayBufferWriter<byte> _output = new(1 << 20);
    private Dictionary<UpstreamKind, (Pair Pair, InferenceRequest Request, byte[][] Events)> _pairs = [];

    /// <summary>What the caller speaks.</summary>
    [Params(Operation.ChatCompletions, Operation.Messages)]
    public Operation Caller { get; set; }

    [GlobalSetup]
    public void Prepare() => _pairs = Enum.GetValues<UpstreamKind>().ToDictionary(static kind => kind, kind =>
    {
        var pair = new Pair(Caller, kind, stream: true);
        return (pair, pair.Request(), Answers.Streamed(kind, Chunks));
    });

    [Benchmark(OperationsPerInvoke = Chunks)]
    public int CopyBytes()
    {
        _output.ResetWrittenCount();
        foreach (var bytes in _pairs[UpstreamKind.OpenAi].Events) { _output.Write(bytes); }
        return _output.WrittenCount;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Chunks)]
    public int OpenAi() => Copy(UpstreamKind.OpenAi);

    [Benchmark(OperationsPerInvoke = Chunks)]
    public int Anthropic() => Copy(UpstreamKind.Anthropic);

    [Benchmark(OperationsPerInvoke = Chunks)]
    public int Gemini() => Copy(UpstreamKind.Gemini);

    [Benchmark(OperationsPerInvoke = Chunks)]
    public int Bedrock() => Copy(UpstreamKind.Bedrock);

    [Benchmark(OperationsPerInvoke = Chunks)]
    public int Responses() => Copy(UpstreamKind.Responses);

    private int Copy(UpstreamKind upstream)
    {
        var (pair, request, events) = _pairs[upstream];
        _output.ResetWrittenCount();
        var stream = pair.Dialect.CreateStream(request, pair.Target);
        foreach (var bytes in events) { stream.Push(bytes, _output); }
        stream.EndOfBody(_output);
        if (stream.Failure is { } failure) { throw new InvalidOperationException($"The stream was refused, so nothing was measured: {failure.Message}"); }
        stream.Complete(stream.Usage ?? new TokenUsage(1, Output: 1), "{\"cost_usd\":0.0001}"u8, _output);
        return _output.WrittenCount;
    }
}
