using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.OpenAi;
using Xunit;

namespace Infermux.Providers.Tests.Messages;

/// <summary>Runs requests of Anthropic's dialect to providers of any, without a network.</summary>
internal static class MessagesRun
{
    public const string Hi = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    public static InferenceRequest Inbound(string members, params string[] betas)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"mine","max_tokens":1000,{{members}}}""");
        var facts = RequestScanner.Scan(Operation.Messages, body, 64);
        return new InferenceRequest(Operation.Messages, body, facts) { Anthropic = new AnthropicHeaders("2023-06-01", betas, BetaPath: false) };
    }

    public static AttemptTarget Target(ProviderType type = ProviderType.Anthropic, string model = "claude-sonnet-4-5", string name = "p", string? baseUrl = null) => new()
    {
        Provider = new ProviderOptions { Name = name, Type = type, BaseUrl = baseUrl ?? (type == ProviderType.OpenAi ? "http://compatible.example/v1" : null) },
        Model = model,
        Credential = "sk-ours",
        RequestId = "r1",
    };

    public static AttemptTarget Chat(string model = "llama", string name = "p", string? baseUrl = null) => Target(ProviderType.OpenAi, model, name, baseUrl);

    public static IDialect For(AttemptTarget target) => Dialects.For(Operation.Messages, target.Provider);

    /// <summary>The body that goes upstream, byte for byte.</summary>
    public static string SentText(InferenceRequest request, AttemptTarget target)
    {
        using var message = For(target).CreateRequest(request, target);
        using var stream = new MemoryStream();
        Assert.True(message.Content!.CopyToAsync(stream).IsCompletedSuccessfully); // into memory, so nothing is waited for
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static JsonElement Sent(InferenceRequest request, AttemptTarget target) => JsonDocument.Parse(SentText(request, target)).RootElement;

    public static JsonElement Sent(string members, AttemptTarget target) => Sent(Inbound(members), target);

    public static IReadOnlyList<string> Dropped(InferenceRequest request, AttemptTarget target) => For(target).DroppedFields(request, target);

    public static IReadOnlyList<string> Dropped(string members, AttemptTarget target) => Dropped(Inbound(members), target);

    public static (WholeAnswer Answer, JsonElement Message) Whole(string body, AttemptTarget target, string members = Hi) =>
        WholeBytes(Encoding.UTF8.GetBytes(body), target, members);

    public static (WholeAnswer Answer, JsonElement Message) WholeBytes(byte[] body, AttemptTarget target, string members = Hi)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = For(target).ReadWhole(Inbound(members), target, body, output);
        return (answer, answer.Failure is null ? JsonDocument.Parse(output.WrittenMemory).RootElement : default);
    }

    public static StreamedMessage Stream(byte[] wire, int[] sizes, AttemptTarget target, string members = Hi)
    {
        var translator = For(target).CreateStream(Inbound($"\"stream\":true,{members}"), target);
        var output = new ArrayBufferWriter<byte>();
        var progress = StreamProgress.None;
        for (int at = 0, i = 0; at < wire.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], wire.Length - at);
            progress |= translator.Push(wire.AsSpan(at, size).ToArray(), output); // a copy: what was pushed is not kept
            at += size;
        }

        progress |= translator.EndOfBody(output);
        var beforeEnd = Encoding.UTF8.GetString(output.WrittenSpan);
        if (translator.Failure is null)
        {
            translator.Complete(translator.Usage ?? default, "{\"cost_usd\":1}"u8, output);
        }

        return new StreamedMessage(
            Encoding.UTF8.GetString(output.WrittenSpan), beforeEnd, progress, translator.Failure, translator.Usage, translator.OutputCharacters, translator.Ended);
    }

    public static StreamedMessage Stream(IEnumerable<string> events, AttemptTarget target, string members = Hi) =>
        Stream(target.Provider.Type == ProviderType.Anthropic ? Anthropic.Translation.Wire(events) : ChatWire(events), [int.MaxValue], target, members);

    public static byte[] ChatWire(IEnumerable<string> chunks) =>
        Encoding.UTF8.GetBytes(string.Concat(chunks.Select(static chunk => $"data: {chunk}\n\n")) + "data: [DONE]\n\n");

    /// <summary>A chat chunk with this delta.</summary>
    public static string Chunk(string delta, string finish = "null") =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"theirs","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}""";

    public const string UsageChunk =
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"theirs","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":7,"total_tokens":107,"prompt_tokens_details":{"cached_tokens":60},"completion_tokens_details":{"reasoning_tokens":3}}}""";
}
