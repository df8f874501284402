using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.OpenAi;
using Xunit;

namespace Infermux.Providers.Tests.Responses;

/// <summary>Runs requests and answers through the dialects without a network.</summary>
internal static class Runs
{
    public static AttemptTarget OpenAi(string model = "gpt-6.1-sol") => new()
    {
        Provider = new ProviderOptions { Name = "openai", Type = ProviderType.OpenAi },
        Model = model,
        RequestId = "r1",
    };

    public static AttemptTarget Groq { get; } = new()
    {
        Provider = new ProviderOptions { Name = "groq", Type = ProviderType.OpenAi, BaseUrl = "https://api.groq.com/openai/v1" },
        Model = "llama",
        RequestId = "r1",
    };

    public static AttemptTarget Anthropic { get; } = new()
    {
        Provider = new ProviderOptions { Name = "anthropic", Type = ProviderType.Anthropic },
        Model = "claude-haiku-4-5",
        RequestId = "r1",
    };

    public static InferenceRequest Request(string json, Operation operation = Operation.Responses)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return new InferenceRequest(operation, body, RequestScanner.Scan(operation, body, 64));
    }

    /// <summary>What goes upstream.</summary>
    public static JsonElement Sent(InferenceRequest request, AttemptTarget target)
    {
        using var message = Dialects.For(request.Operation, target.Provider).CreateRequest(request, target);
        using var stream = new MemoryStream();
        Assert.True(message.Content!.CopyToAsync(stream).IsCompletedSuccessfully); // into memory, so nothing is waited for
        stream.Position = 0;
        return JsonDocument.Parse(stream).RootElement;
    }

    public static IReadOnlyList<string> Dropped(InferenceRequest request, AttemptTarget target) =>
        Dialects.For(request.Operation, target.Provider).DroppedFields(request, target);

    public static (WholeAnswer Answer, string Text) Whole(InferenceRequest request, AttemptTarget target, string body)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Dialects.For(request.Operation, target.Provider).ReadWhole(request, target, Encoding.UTF8.GetBytes(body), output);
        return (answer, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    public static Run Stream(InferenceRequest request, AttemptTarget target, byte[] wire, params int[] sizes)
    {
        var stream = Dialects.For(request.Operation, target.Provider).CreateStream(request, target);
        var output = new ArrayBufferWriter<byte>();
        var progress = StreamProgress.None;
        for (int at = 0, i = 0; at < wire.Length; i++)
        {
            var size = sizes.Length == 0 ? wire.Length : Math.Min(sizes[i % sizes.Length], wire.Length - at);
            progress |= stream.Push(wire.AsSpan(at, size).ToArray(), output); // a copy: what was pushed is not kept
            at += size;
        }

        progress |= stream.EndOfBody(output);
        if (stream.Failure is null)
        {
            stream.Complete(stream.Usage ?? new TokenUsage(1, Output: 2), "{\"cost_usd\":1}"u8, output);
        }

        return new Run(
            WithoutClock(Encoding.UTF8.GetString(output.WrittenSpan)), progress, stream.Failure?.Class, stream.Failure?.Message, stream.Usage, stream.ServiceTier, stream.OutputCharacters);
    }

    /// <summary>The same whatever the pieces: at every byte, and cut in two at every byte.</summary>
    public static void SameInAnyChunking(InferenceRequest request, AttemptTarget target, byte[] wire)
    {
        var whole = Stream(request, target, wire);
        foreach (var size in (int[])[1, 2, 3, 5, 7, 64, 1_000])
        {
            Assert.Equal(whole, Stream(request, target, wire, size));
        }

        for (var cut = 1; cut < wire.Length; cut += 1 + (wire.Length / 400)) // size 1 above has every boundary; here the rest comes at once
        {
            Assert.Equal(whole, Stream(request, target, wire, cut, wire.Length));
        }
    }

    // "created" is the moment of reading where the answer has none.
    private static string WithoutClock(string text) => System.Text.RegularExpressions.Regex.Replace(
        text, "\"(?<name>created|created_at)\":[0-9]+", "\"${name}\":0", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    internal sealed record Run(
        string Text, StreamProgress Progress, FailureClass? Failure, string? Message, TokenUsage? Usage, string? Tier, long Characters)
    {
        public List<JsonElement> Events() => [.. Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(e => e[(e.IndexOf("data: ", StringComparison.Ordinal) + 6)..]).Where(e => e is not "[DONE]").Select(e => JsonDocument.Parse(e).RootElement)];

        public IEnumerable<string> Types() => Events().Select(e => e.GetProperty("type").GetString()!);
    }
}
