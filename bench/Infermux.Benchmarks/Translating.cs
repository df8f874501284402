using System.Buffers;
using BenchmarkDotNet.Attributes;
using Infermux.Providers;
using Infermux.Providers.OpenAi;

namespace Infermux.Benchmarks;

/// <summary>
/// What does a request of 4 KB with an answer of 500 bytes cost between sockets: found in it what routing needs, written for the provider, its answer written for
/// the caller? The baseline is OpenAI's dialect out; the scan alone stands beside it.
/// </summary>
[MemoryDiagnoser]
public class Translating
{
    private readonly ArrayBufferWriter<byte> _output = new(1 << 16);
    private Dictionary<UpstreamKind, (Pair Pair, byte[] Answer)> _pairs = [];

    /// <summary>What the caller speaks.</summary>
    [Params(Operation.ChatCompletions, Operation.Messages)]
    public Operation Caller { get; set; }

    [GlobalSetup]
    public void Prepare() => _pairs = Enum.GetValues<UpstreamKind>().ToDictionary(static kind => kind, kind => (new Pair(Caller, kind, stream: false), Answers.Whole(kind)));

    [Benchmark]
    public InferenceRequest Scan() => _pairs[UpstreamKind.OpenAi].Pair.Request();

    [Benchmark(Baseline = true)]
    public Task<int> OpenAi() => RunAsync(UpstreamKind.OpenAi);

    [Benchmark]
    public Task<int> Anthropic() => RunAsync(UpstreamKind.Anthropic);

    [Benchmark]
    public Task<int> Gemini() => RunAsync(UpstreamKind.Gemini);

    [Benchmark]
    public Task<int> Bedrock() => RunAsync(UpstreamKind.Bedrock);

    [Benchmark]
    public Task<int> Responses() => RunAsync(UpstreamKind.Responses);

    private async Task<int> RunAsync(UpstreamKind upstream)
    {
        var (pair, body) = _pairs[upstream];
        var request = pair.Request();
        using var sent = new MemoryStream(1 << 13);
        using var message = pair.Dialect.CreateRequest(request, pair.Target);
        await message.Content!.CopyToAsync(sent);
        _ = pair.Dialect.DroppedFields(request, pair.Target);
        _output.ResetWrittenCount();
        var answer = pair.Dialect.ReadWhole(request, pair.Target, body, _output);
        if (answer.Failure is { } failure) { throw new InvalidOperationException($"The answer was refused, so nothing was measured: {failure.Message}"); }
        return (int)sent.Length + _output.WrittenCount;
    }
}
