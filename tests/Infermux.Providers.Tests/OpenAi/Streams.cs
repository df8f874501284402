using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers.Tests.OpenAi;

/// <summary>Runs streams through the dialect.</summary>
internal static class Streams
{
    public static InferenceRequest Request(bool includeUsage, Operation operation = Operation.ChatCompletions)
    {
        var usage = includeUsage ? ",\"stream_options\":{\"include_usage\":true}" : "";
        var body = Encoding.UTF8.GetBytes($$"""{"model":"mine","stream":true,"messages":[],"prompt":"x"{{usage}}}""");
        return new InferenceRequest(operation, body, RequestScanner.Scan(operation, body, 64));
    }

    public static AttemptTarget Target { get; } = new() { Provider = new ProviderOptions { Name = "p" }, Model = "theirs", RequestId = "r1" };

    public static StreamRun Run(byte[] wire, int size, bool includeUsage = true, Operation operation = Operation.ChatCompletions) =>
        Run(wire, [size], includeUsage, operation);

    public static StreamRun Run(byte[] wire, int[] sizes, bool includeUsage = true, Operation operation = Operation.ChatCompletions)
    {
        var stream = Dialects.For(ProviderType.OpenAi).CreateStream(Request(includeUsage, operation), Target);
        var output = new ArrayBufferWriter<byte>();
        var progress = StreamProgress.None;
        for (int at = 0, i = 0; at < wire.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], wire.Length - at);
            progress |= stream.Push(wire.AsSpan(at, size).ToArray(), output);
            at += size;
        }

        progress |= stream.EndOfBody(output);
        if (stream.Failure is null)
        {
            stream.Complete(stream.Usage ?? new TokenUsage(1, Output: 2), "{\"cost_usd\":1}"u8, output);
        }

        return new StreamRun(Encoding.UTF8.GetString(output.WrittenSpan), progress, stream.Failure?.Class, stream.Failure?.Message, stream.Usage, stream.OutputCharacters);
    }

    /// <summary>The JSON of each event but the terminal mark.</summary>
    public static List<JsonElement> Chunks(this StreamRun run) =>
        [.. run.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => !e.EndsWith("[DONE]", StringComparison.Ordinal)).Select(e => JsonDocument.Parse(e["data: ".Length..]).RootElement)];

    public static byte[] Wire(params string[] payloads) => Encoding.UTF8.GetBytes(string.Concat(payloads.Select(p => $"data: {p}\n\n")));
}
