using System.Text;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Fixtures;
using Xunit;

namespace Infermux.Providers.Tests.Responses;

/// <summary>
/// Streams of Responses as OpenAI sends them, written after the documented order and the recorded replies; and the recorded ones where they lie beside the clone.
/// </summary>
internal static class OwnStreams
{
    private const string Head = """ "id":"resp_1","object":"response","created_at":1778037182,"model":"gpt-6.1-sol-2026-09-01","error":null""";

    public static string Text { get; } = Wire(
        Life("response.created", "in_progress"),
        Life("response.in_progress", "in_progress"),
        """{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}}""",
        """{"type":"response.content_part.added","item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}}""",
        """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"na\u00efve \ud83d","obfuscation":"x"}""",
        """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"\ude42 ж","obfuscation":"xy"}""",
        """{"type":"response.output_text.done","item_id":"msg_1","output_index":0,"content_index":0,"text":"na\u00efve \ud83d\ude42 ж"}""",
        """{"type":"response.content_part.done","item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","annotations":[],"logprobs":[],"text":"x"}}""",
        """{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","text":"x"}],"role":"assistant"}}""",
        """{"type":"response.of_a_later_time","x":{"y":[1,2]}}""",
        Life("response.completed", "completed", ""","service_tier":"priority","usage":{"input_tokens":1000,"input_tokens_details":{"cached_tokens":600,"cache_write_tokens":100},"output_tokens":50,"output_tokens_details":{"reasoning_tokens":20},"total_tokens":1050}"""));

    public static string Tools { get; } = Wire(
        Life("response.created", "in_progress"),
        """{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""",
        """{"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}""",
        """{"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"look up"}""",
        """{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"look up"}],"encrypted_content":"gAAAA1=="}}""",
        """{"type":"response.output_item.added","output_index":1,"item":{"id":"fc_1","type":"function_call","status":"in_progress","arguments":"","call_id":"call_1","name":"a"}}""",
        """{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":1,"delta":"{\"n\""}""",
        """{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":1,"delta":":1}"}""",
        """{"type":"response.function_call_arguments.done","item_id":"fc_1","output_index":1,"arguments":"{\"n\":1}"}""",
        """{"type":"response.output_item.done","output_index":1,"item":{"id":"fc_1","type":"function_call","status":"completed","arguments":"{\"n\":1}","call_id":"call_1","name":"a"}}""",
        """{"type":"response.output_item.added","output_index":2,"item":{"id":"rs_2","type":"reasoning","summary":[]}}""",
        """{"type":"response.output_item.done","output_index":2,"item":{"id":"rs_2","type":"reasoning","summary":[],"encrypted_content":"gAAAA2=="}}""",
        """{"type":"response.output_item.added","output_index":3,"item":{"id":"ctc_1","type":"custom_tool_call","status":"in_progress","input":"","call_id":"call_2","name":"edit"}}""",
        """{"type":"response.custom_tool_call_input.delta","item_id":"ctc_1","output_index":3,"delta":"*** Begin"}""",
        """{"type":"response.custom_tool_call_input.done","item_id":"ctc_1","output_index":3,"input":"*** Begin"}""",
        """{"type":"response.output_item.done","output_index":3,"item":{"id":"ctc_1","type":"custom_tool_call","status":"completed","input":"*** Begin","call_id":"call_2","name":"edit"}}""",
        """{"type":"response.output_item.added","output_index":4,"item":{"id":"fc_2","type":"function_call","status":"in_progress","arguments":"","call_id":"call_3","name":"b"}}""",
        """{"type":"response.output_item.done","output_index":4,"item":{"id":"fc_2","type":"function_call","status":"completed","arguments":"{\"whole\":true}","call_id":"call_3","name":"b"}}""",
        Life("response.completed", "completed", ""","usage":{"input_tokens":30,"output_tokens":40,"output_tokens_details":{"reasoning_tokens":25},"total_tokens":70}"""));

    public static string Refusal { get; } = Wire(
        Life("response.created", "in_progress"),
        """{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}}""",
        """{"type":"response.refusal.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"I can't"}""",
        Life("response.completed", "completed", ""","usage":{"input_tokens":9,"output_tokens":3,"total_tokens":12}"""));

    public static string Incomplete { get; } = Wire(
        Life("response.created", "in_progress"),
        """{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}}""",
        """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"cut"}""",
        Life("response.incomplete", "incomplete", ""","incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":8,"output_tokens":1,"total_tokens":9}"""));

    /// <summary>Both forms, and each with what it costs at 2 USD in, 0.5 cached, 2.5 written and 10 out per million.</summary>
    public static TheoryData<string, decimal> Costs => new()
    {
        // (1000 - 600 - 100) * 2 + 600 * 0.5 + 100 * 2.5 + 50 * 10 = 600 + 300 + 250 + 500
        { nameof(Text), 0.00165m },
        // 30 * 2 + 40 * 10
        { nameof(Tools), 0.00046m },
        // 9 * 2 + 3 * 10
        { nameof(Refusal), 0.000048m },
        // 8 * 2 + 1 * 10
        { nameof(Incomplete), 0.000026m },
        // recorded: 65 * 2 + 22 * 10, see the reply's usage
        { "openai/responses-stream-tools.http.json#0", RecordedCost(0) },
        { "openai/responses-stream-tools.http.json#1", RecordedCost(1) },
    };

    public static TheoryData<string> Names => [.. Costs.Select(row => row.Data.Item1)];

    public static ModelPrice Price { get; } = new() { Input = 2m, CacheRead = 0.5m, CacheWrite = 2.5m, Output = 10m };

    public static byte[] Of(string name)
    {
        if (name.Split('#') is [var file, var reply])
        {
            var replies = Recording.Read(file);
            Assert.SkipWhen(replies.Count == 0, $"shared/fixtures/{file} is not beside this clone");
            return replies[int.Parse(reply, System.Globalization.CultureInfo.InvariantCulture)].Body;
        }

        return Encoding.UTF8.GetBytes(name switch
        {
            nameof(Text) => Text,
            nameof(Tools) => Tools,
            nameof(Refusal) => Refusal,
            nameof(Incomplete) => Incomplete,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No stream of this name."),
        });
    }

    public static string Life(string type, string status, string more = "") =>
        "{\"type\":\"" + type + "\",\"response\":{" + Head + ",\"status\":\"" + status + "\",\"output\":[]" + more + "}}";

    public static string Wire(params string[] events) => string.Concat(events.Select((data, n) =>
        $"event: {JsonDocument.Parse(data).RootElement.GetProperty("type").GetString()}\ndata: {data[..^1]},\"sequence_number\":{n}}}\n\n"));

    private static decimal RecordedCost(int reply)
    {
        var replies = Recording.Read("openai/responses-stream-tools.http.json");
        if (replies.Count == 0)
        {
            return 0;
        }

        var last = Encoding.UTF8.GetString(replies[reply].Body).Split("data: ")[^1];
        var usage = JsonDocument.Parse(last).RootElement.GetProperty("response").GetProperty("usage");
        return ((usage.GetProperty("input_tokens").GetInt64() * 2m) + (usage.GetProperty("output_tokens").GetInt64() * 10m)) / 1_000_000m;
    }
}
