using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Infermux.Providers;
using Infermux.Providers.OpenAi;

namespace Infermux.Benchmarks;

/// <summary>What does it cost to find in a request what routing and money need? The baseline only visits every JSON token.</summary>
[MemoryDiagnoser]
public class RequestScanning
{
    private byte[] _body = [];

    /// <summary>1 KB, 30 KB, 1 MB.</summary>
    [Params(1_000, 30_000, 1_000_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        const string turn = """{"role":"user","content":"Please summarise the paragraph above in two sentences, and say \"done\" after them."}""";
        var text = new StringBuilder("""{"model":"gpt-4o-mini","max_tokens":256,"temperature":0.2,"stream":true,"messages":[""").Append(turn);
        while (text.Length + turn.Length + 3 <= Bytes) { text.Append(',').Append(turn); }
        _body = Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    [Benchmark(Baseline = true)]
    public long VisitTokens()
    {
        var reader = new Utf8JsonReader(_body);
        var tokens = 0L;
        while (reader.Read()) { tokens++; }
        return tokens;
    }

    [Benchmark]
    public RequestFacts Scan() => RequestScanner.Scan(Operation.ChatCompletions, _body, 64);
}
