using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Replies of OpenAI's Responses, written after the documented order and the recorded ones.</summary>
internal static class ResponsesReplies
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

    public static IReadOnlyList<Reply> All { get; } =
    [
        Reply.Streamed(ReplyDialect.Responses, nameof(Text), ((1000 - 600 - 100) * 2) + (600 * 0.5m) + (100 * 2.5m) + (50 * 10), Text),
        Reply.Streamed(ReplyDialect.Responses, nameof(Tools), (30 * 2) + (40 * 10), Tools),
        Reply.Streamed(ReplyDialect.Responses, nameof(Refusal), (9 * 2) + (3 * 10), Refusal),
        Reply.Streamed(ReplyDialect.Responses, nameof(Incomplete), (8 * 2) + (1 * 10), Incomplete),
        Whole(nameof(Text), ((1000 - 600 - 100) * 2) + (600 * 0.5m) + (100 * 2.5m) + (50 * 10), "completed",
            """{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","annotations":[],"text":"na\u00efve \ud83d\ude42 ж"}]}""",
            """{"input_tokens":1000,"input_tokens_details":{"cached_tokens":600,"cache_write_tokens":100},"output_tokens":50,"output_tokens_details":{"reasoning_tokens":20},"total_tokens":1050}"""),
        Whole(nameof(Tools), (30 * 2) + (40 * 10), "completed",
            """
            {"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"look up"}],"encrypted_content":"gAAAA1=="},
            {"id":"fc_1","type":"function_call","status":"completed","arguments":"{\"n\":1}","call_id":"call_1","name":"a"},
            {"id":"fc_2","type":"function_call","status":"completed","arguments":"{}","call_id":"call_3","name":"b"}
            """,
            """{"input_tokens":30,"output_tokens":40,"output_tokens_details":{"reasoning_tokens":25},"total_tokens":70}"""),
        Whole(nameof(Refusal), (9 * 2) + (3 * 10), "completed",
            """{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"I can't"}]}""", """{"input_tokens":9,"output_tokens":3,"total_tokens":12}"""),
        Whole(nameof(Incomplete), (8 * 2) + (1 * 10), "incomplete",
            """{"id":"msg_1","type":"message","status":"incomplete","role":"assistant","content":[{"type":"output_text","annotations":[],"text":"cut"}]}""",
            """{"input_tokens":8,"output_tokens":1,"total_tokens":9},"incomplete_details":{"reason":"max_output_tokens"}"""),
    ];

    public static string Life(string type, string status, string more = "") =>
        "{\"type\":\"" + type + "\",\"response\":{" + Head + ",\"status\":\"" + status + "\",\"output\":[]" + more + "}}";

    public static string Wire(params string[] events) => string.Concat(events.Select((data, n) =>
        $"event: {JsonDocument.Parse(data).RootElement.GetProperty("type").GetString()}\ndata: {data[..^1]},\"sequence_number\":{n}}}\n\n"));

    private static Reply Whole(string name, decimal micros, string status, string output, string usage) =>
        Reply.Whole(ReplyDialect.Responses, name, micros, $$"""{{{Head}},"status":"{{status}}","output":[{{output}}],"usage":{{usage}} }""");
}
