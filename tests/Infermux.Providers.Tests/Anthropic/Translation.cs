using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Anthropic;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Tests.Pivot;
using Xunit;

namespace Infermux.Providers.Tests.Anthropic;

/// <summary>Runs the dialect without a network.</summary>
internal static class Translation
{
    public const string Old = "claude-sonnet-4-20250514";
    public const string Haiku45 = "claude-haiku-4-5";
    public const string Opus48 = "claude-opus-4-8";

    public static AnthropicDialect Dialect { get; } = new(TimeProvider.System);

    public static InferenceRequest Inbound(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return new InferenceRequest(Operation.ChatCompletions, body, RequestScanner.Scan(Operation.ChatCompletions, body, 64));
    }

    public static AttemptTarget Target(string model = Haiku45) =>
        new() { Provider = new ProviderOptions { Name = "p", Type = ProviderType.Anthropic }, Model = model, Credential = "sk-ant-test", RequestId = "r1" };

    /// <summary>The upstream body of a chat with these members after the model.</summary>
    public static JsonElement Sent(string members, AttemptTarget target)
    {
        using var request = Dialect.CreateRequest(Inbound($$"""{"model":"mine",{{members}}}"""), target);
        using var stream = new MemoryStream();
        Assert.True(request.Content!.CopyToAsync(stream).IsCompletedSuccessfully); // into memory, so nothing is waited for
        stream.Position = 0;
        return JsonDocument.Parse(stream).RootElement;
    }

    public static JsonElement Sent(string members, string model = Haiku45) => Sent(members, Target(model));

    public static IReadOnlyList<string> Dropped(string members, string model = Haiku45) =>
        Dialect.DroppedFields(Inbound($$"""{"model":"mine",{{members}}}"""), Target(model));

    public static (WholeAnswer Answer, JsonElement Json) Whole(string body, string members = Hi, string model = Haiku45)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Dialect.ReadWhole(Inbound($$"""{"model":"mine",{{members}}}"""), Target(model), Encoding.UTF8.GetBytes(body), output);
        return (answer, answer.Failure is null ? JsonDocument.Parse(output.WrittenMemory).RootElement : default);
    }

    public static StreamOutcome Stream(byte[] wire, int[] sizes, string members = Hi, string model = Haiku45)
    {
        var translator = Dialect.CreateStream(
            Inbound($$"""{"model":"mine","stream":true,"stream_options":{"include_usage":true},{{members}}}"""), Target(model));
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

        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        return new StreamOutcome(WithoutCreated(text), progress, translator.Failure?.Class, translator.Usage, translator.OutputCharacters, translator.Ended);
    }

    public static StreamOutcome Stream(IEnumerable<string> events, string members = Hi, string model = Haiku45) => Stream(Wire(events), [int.MaxValue], members, model);

    public static byte[] Wire(IEnumerable<string> events) => Encoding.UTF8.GetBytes(string.Concat(events.Select(static data =>
        $"event: {JsonDocument.Parse(data).RootElement.GetProperty("type").GetString()}\ndata: {data}\n\n")));

    public const string Hi = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static string WithoutCreated(string text) => System.Text.RegularExpressions.Regex.Replace(
        text, "\"created\":[0-9]+", "\"created\":0", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
}
