using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;

namespace Infermux.Providers.Tests.Pivot;

/// <summary>What a chat caller gets of one request over a socket, whole or streamed.</summary>
internal sealed record ChatOutcome
{
    public ProviderFailure? Failure { get; init; }

    public string Text { get; init; } = "";

    public string Reasoning { get; init; } = "";

    public string Refusal { get; init; } = "";

    public string? Finish { get; init; }

    public List<(string Id, string Name, string Arguments)> Calls { get; init; } = [];

    /// <summary>Items of <c>reasoning_details</c> as they came.</summary>
    public List<string> Details { get; init; } = [];

    public TokenUsage? Usage { get; init; }

    /// <summary>The assistant message that a client would send back.</summary>
    public string Message()
    {
        var calls = string.Join(',', Calls.Select(static c => $$$"""{"id":"{{{c.Id}}}","type":"function","function":{"name":"{{{c.Name}}}","arguments":{{{JsonSerializer.Serialize(c.Arguments)}}}}}"""));
        return $$"""{"role":"assistant","content":{{JsonSerializer.Serialize(Text)}}{{(Calls.Count > 0 ? $",\"tool_calls\":[{calls}]" : "")}},"reasoning_details":[{{string.Join(',', Details)}}]}""";
    }

    /// <summary>Sends it and reads the answer in small pieces.</summary>
    public static async Task<ChatOutcome> RunAsync(IDialect dialect, HttpClient client, InferenceRequest inbound, AttemptTarget target, CancellationToken cancel)
    {
        using var request = dialect.CreateRequest(inbound, target);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
        {
            return new ChatOutcome { Failure = dialect.ReadFailure((int)response.StatusCode, response.Headers, await response.Content.ReadAsByteArrayAsync(cancel)) };
        }

        if (inbound.Facts.Stream)
        {
            return await ReadStreamAsync(dialect.CreateStream(inbound, target), response, cancel);
        }

        var output = new ArrayBufferWriter<byte>();
        return ReadWhole(dialect.ReadWhole(inbound, target, await response.Content.ReadAsByteArrayAsync(cancel), output), output);
    }

    private static async Task<ChatOutcome> ReadStreamAsync(StreamTranslator translator, HttpResponseMessage response, CancellationToken cancel)
    {
        var output = new ArrayBufferWriter<byte>();
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[13];
        while (await body.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            translator.Push(buffer.AsSpan(0, read), output);
        }

        translator.EndOfBody(output);
        var run = new StreamOutcome(Encoding.UTF8.GetString(output.WrittenSpan), StreamProgress.None, null, translator.Usage, 0, translator.Ended);
        return new ChatOutcome
        {
            Failure = translator.Failure,
            Text = run.Joined("content"),
            Reasoning = run.Joined("reasoning_content"),
            Refusal = run.Joined("refusal"),
            Finish = run.Finish(),
            Calls = run.Calls(),
            Details = [.. run.Deltas().SelectMany(DetailsOf)],
            Usage = run.Usage,
        };
    }

    private static ChatOutcome ReadWhole(WholeAnswer answer, ArrayBufferWriter<byte> output)
    {
        if (answer.Failure is not null)
        {
            return new ChatOutcome { Failure = answer.Failure };
        }

        var choice = JsonDocument.Parse(output.WrittenMemory).RootElement.GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        return new ChatOutcome
        {
            Text = Member(message, "content"),
            Reasoning = Member(message, "reasoning_content"),
            Refusal = Member(message, "refusal"),
            Finish = choice.GetProperty("finish_reason").GetString(),
            Calls = message.TryGetProperty("tool_calls", out var calls)
                ? [.. calls.EnumerateArray().Select(static c => (c.GetProperty("id").GetString()!, c.GetProperty("function").GetProperty("name").GetString()!, c.GetProperty("function").GetProperty("arguments").GetString()!))]
                : [],
            Details = [.. DetailsOf(message)],
            Usage = answer.Usage,
        };
    }

    private static IEnumerable<string> DetailsOf(JsonElement of) =>
        of.TryGetProperty("reasoning_details", out var items) ? items.EnumerateArray().Select(static item => item.GetRawText()) : [];

    private static string Member(JsonElement message, string name) => message.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";
}
