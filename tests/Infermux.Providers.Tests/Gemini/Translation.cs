using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Providers.Gemini;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Tests.Pivot;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Gemini;

/// <summary>Runs the dialect without a network.</summary>
internal static class Translation
{
    public const string Flash25 = "gemini-2.5-flash";
    public const string Pro3 = "gemini-3-pro-preview";
    public const string Hi = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    public static GeminiDialect Dialect { get; } = new(TimeProvider.System);

    public static InferenceRequest Inbound(string json, Operation operation = Operation.ChatCompletions)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return new InferenceRequest(operation, body, RequestScanner.Scan(operation, body, 64));
    }

    public static AttemptTarget Target(string model = Flash25) =>
        new() { Provider = new ProviderOptions { Name = "google", Type = ProviderType.Gemini }, Model = model, Credential = "AIza-test", RequestId = "r1" };

    /// <summary>The upstream body of a chat with these members after the model.</summary>
    public static JsonElement Sent(string members, AttemptTarget target)
    {
        using var request = Dialect.CreateRequest(Inbound($$"""{"model":"mine",{{members}}}"""), target);
        return BodyOf(request);
    }

    public static JsonElement Sent(string members, string model = Flash25) => Sent(members, Target(model));

    public static JsonElement BodyOf(HttpRequestMessage request)
    {
        using var stream = new MemoryStream();
        Assert.True(request.Content!.CopyToAsync(stream).IsCompletedSuccessfully); // into memory, so nothing is waited for
        stream.Position = 0;
        return JsonDocument.Parse(stream).RootElement;
    }

    public static IReadOnlyList<string> Dropped(string members, string model = Flash25) =>
        Dialect.DroppedFields(Inbound($$"""{"model":"mine",{{members}}}"""), Target(model));

    public static (WholeAnswer Answer, JsonElement Json) Whole(string body, string members = Hi, string model = Flash25)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Dialect.ReadWhole(Inbound($$"""{"model":"mine",{{members}}}"""), Target(model), Encoding.UTF8.GetBytes(body), output);
        return (answer, answer.Failure is null ? JsonDocument.Parse(output.WrittenMemory).RootElement : default);
    }

    public static StreamOutcome Stream(byte[] wire, int[] sizes, string model = Flash25) => Stream(wire, sizes, includeUsage: true, model);

    public static StreamOutcome Stream(byte[] wire, int[] sizes, bool includeUsage, string model = Flash25)
    {
        var options = includeUsage ? ",\"stream_options\":{\"include_usage\":true}" : "";
        var translator = Dialect.CreateStream(Inbound($$"""{"model":"mine","stream":true{{options}},{{Hi}}}"""), Target(model));
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

    public static StreamOutcome Stream(IEnumerable<string> chunks, string model = Flash25) => Stream(Wire(chunks), [int.MaxValue], model);

    public static byte[] Wire(IEnumerable<string> chunks) => GeminiReplies.AsEvents(chunks);

    public static byte[] ArrayWire(IEnumerable<string> chunks) => GeminiReplies.AsArray(chunks);

    private static string WithoutCreated(string text) => System.Text.RegularExpressions.Regex.Replace(
        text, "\"created\":[0-9]+", "\"created\":0", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
}
