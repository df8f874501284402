using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Providers.Bedrock;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Tests.Pivot;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Bedrock;

/// <summary>Runs the dialect without a network.</summary>
internal static class Converse
{
    public const string Haiku45 = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
    public const string Sonnet4 = "anthropic.claude-sonnet-4-20250514-v1:0";
    public const string Opus48 = "global.anthropic.claude-opus-4-8";
    public const string Nova = "eu.amazon.nova-pro-v1:0";
    public const string Llama = "us.meta.llama3-3-70b-instruct-v1:0";
    public const string Hi = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    public static BedrockDialect Dialect { get; } = new(TimeProvider.System);

    public static InferenceRequest Inbound(string members, bool stream = false)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"mine",{{(stream ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "")}}{{members}}}""");
        return new InferenceRequest(Operation.ChatCompletions, body, RequestScanner.Scan(Operation.ChatCompletions, body, 64));
    }

    public static AttemptTarget Target(string model = Haiku45) => new()
    {
        Provider = new ProviderOptions { Name = "aws", Type = ProviderType.Bedrock, AwsRegion = "us-east-1" },
        Model = model,
        Credential = "bedrock-key",
        RequestId = "r1",
    };

    /// <summary>The upstream body of a chat with these members after the model.</summary>
    public static JsonElement Sent(string members, string model = Haiku45) => Sent(members, Target(model));

    public static JsonElement Sent(string members, AttemptTarget target)
    {
        using var request = Dialect.CreateRequest(Inbound(members), target);
        using var stream = new MemoryStream();
        Assert.True(request.Content!.CopyToAsync(stream).IsCompletedSuccessfully); // into memory, so nothing is waited for
        stream.Position = 0;
        return JsonDocument.Parse(stream).RootElement;
    }

    public static string? Sent(string members, string model, string member) =>
        Sent(members, model).TryGetProperty(member, out var value) ? value.GetRawText() : null;

    public static IReadOnlyList<string> Dropped(string members, string model = Haiku45) => Dialect.DroppedFields(Inbound(members), Target(model));

    public static (WholeAnswer Answer, JsonElement Json) Whole(string body, string members = Hi, string model = Haiku45)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Dialect.ReadWhole(Inbound(members), Target(model), Encoding.UTF8.GetBytes(body), output);
        return (answer, answer.Failure is null ? JsonDocument.Parse(output.WrittenMemory).RootElement : default);
    }

    public static StreamOutcome Stream(byte[] wire, int[] sizes, string members = Hi, string model = Haiku45)
    {
        var translator = Dialect.CreateStream(Inbound(members, stream: true), Target(model));
        var output = new ArrayBufferWriter<byte>();
        var progress = StreamProgress.None;
        for (int at = 0, i = 0; at < wire.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], wire.Length - at);
            progress |= translator.Push(wire.AsSpan(at, size).ToArray(), output); // a copy: what was pushed is not kept
            at += size;
        }

        progress |= translator.EndOfBody(output);
        if (translator.Failure is null)
        {
            translator.Complete(translator.Usage ?? default, "{\"cost_usd\":1}"u8, output);
        }

        var text = System.Text.RegularExpressions.Regex.Replace(
            Encoding.UTF8.GetString(output.WrittenSpan), "\"created\":[0-9]+", "\"created\":0", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
        return new StreamOutcome(text, progress, translator.Failure?.Class, translator.Usage, translator.OutputCharacters, translator.Ended);
    }

    public static StreamOutcome Stream(IEnumerable<byte[]> frames, string members = Hi, string model = Haiku45) =>
        Stream([.. frames.SelectMany(static frame => frame)], [int.MaxValue], members, model);

    public static byte[] Event(string type, string members) => EventFrame.Event(type, $$"""{{{members}},"p":"abc"}""");

    public static byte[] Start => Event("messageStart", "\"role\":\"assistant\"");

    public static byte[] Delta(int block, string delta) => Event("contentBlockDelta", $$"""  "contentBlockIndex":{{block}},"delta":{{{delta}}}""");

    public static byte[] Text(string text, int block = 0) => Delta(block, $"\"text\":{JsonSerializer.Serialize(text)}");

    public static byte[] Input(string json, int block) => Delta(block, $$"""  "toolUse":{"input":{{JsonSerializer.Serialize(json)}}}""");

    public static byte[] Tool(int block, string id, string name) =>
        Event("contentBlockStart", $$$"""  "contentBlockIndex":{{{block}}},"start":{"toolUse":{"toolUseId":"{{{id}}}","name":"{{{name}}}"} }""");

    public static byte[] BlockStop(int block) => Event("contentBlockStop", $"\"contentBlockIndex\":{block}");

    public static byte[] Stop(string reason = "end_turn") => Event("messageStop", $"\"stopReason\":\"{reason}\"");

    public static byte[] Metadata(string usage = """{"inputTokens":3,"outputTokens":2,"totalTokens":5}""") => Event("metadata", $$"""  "usage":{{usage}},"metrics":{"latencyMs":1}""");

    public static string Message(string blocks, string reason = "end_turn", string usage = """{"inputTokens":3,"outputTokens":2,"totalTokens":5}""") =>
        $$$"""{"output":{"message":{"role":"assistant","content":[{{{blocks}}}]}},"stopReason":"{{{reason}}}","usage":{{{usage}}},"metrics":{"latencyMs":9}}""";
}
