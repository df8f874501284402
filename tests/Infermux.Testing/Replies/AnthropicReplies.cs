using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Replies of Anthropic's Messages.</summary>
internal static class AnthropicReplies
{
    private const string Text = """{"type":"text","text":"naïve \"q\"\n"}""";
    private const string Ping = """{"type":"ping"}""";
    private const string Stop = """{"type":"message_stop"}""";

    public static IReadOnlyList<Reply> All { get; } =
    [
        Whole("thinking, text and two tools", (7 * 2) + (2 * 0.5m) + (9 * 10),
            """
            {"type":"thinking","thinking":"hm 🙂","signature":"c2ln"},{"type":"redacted_thinking","data":"cmVk"},{"type":"text","text":"naïve \"q\"\n"},
            {"type":"tool_use","id":"toolu_a","name":"f","input":{"x": "é"}},{"type":"tool_use","id":"toolu_b","name":"g","input":{}}
            """, "tool_use", """{"input_tokens":7,"cache_read_input_tokens":2,"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}}"""),
        Whole("cache written and read", (10 * 2) + (2000 * 0.5m) + (800 * 2.5m) + (4 * 10), Text, "end_turn",
            """{"input_tokens":10,"cache_read_input_tokens":2000,"cache_creation_input_tokens":800,"cache_creation":{"ephemeral_5m_input_tokens":800,"ephemeral_1h_input_tokens":0},"output_tokens":4}"""),
        Whole("billed by its iterations", (105 * 2) + (22 * 10), Text, "end_turn",
            """{"input_tokens":5,"output_tokens":2,"iterations":[{"input_tokens":100,"output_tokens":20},{"input_tokens":5,"output_tokens":2}]}"""),
        Whole("cut at its cap", (8 * 2) + (50 * 10), """{"type":"text","text":"so far"},{"type":"tool_use","id":"toolu_a","name":"f","input":{"a":1.50}}""", "max_tokens", """{"input_tokens":8,"output_tokens":50}"""),
        Whole("no content", 3 * 2, "", "end_turn", """{"input_tokens":3,"output_tokens":0}"""),

        Streamed("thinking, text and two tools", (7 * 2) + (2 * 0.5m) + (9 * 10),
            Start("""{"input_tokens":7,"cache_read_input_tokens":2,"output_tokens":1}"""), Ping,
            BlockStart(0, """{"type":"thinking","thinking":"","signature":""}"""), Delta(0, """{"type":"thinking_delta","thinking":"hm 🙂"}"""), Delta(0, """{"type":"signature_delta","signature":"c2ln"}"""), BlockStop(0),
            BlockStart(1, """{"type":"redacted_thinking","data":"cmVk"}"""), BlockStop(1),
            BlockStart(2, """{"type":"text","text":""}"""), Delta(2, """{"type":"text_delta","text":"na\u00efve \"q\"\n"}"""), BlockStop(2),
            BlockStart(3, """{"type":"tool_use","id":"toolu_a","name":"f","input":{}}"""), Delta(3, """{"type":"input_json_delta","partial_json":""}"""),
            Delta(3, """{"type":"input_json_delta","partial_json":"{\"x\":\"é"}"""), Delta(3, """{"type":"input_json_delta","partial_json":"\"}"}"""), BlockStop(3),
            BlockStart(4, """{"type":"tool_use","id":"toolu_b","name":"g","input":{}}"""), BlockStop(4),
            Ending("tool_use", """{"output_tokens":9}"""), Stop),
        Streamed("counts that rise at the end", (60 * 2) + (30 * 0.5m) + (20 * 2.5m) + (12 * 10),
            Start("""{"input_tokens":10,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}"""),
            BlockStart(0, """{"type":"text","text":""}"""), Delta(0, """{"type":"text_delta","text":"x"}"""), BlockStop(0),
            Ending("stop_sequence", """{"input_tokens":60,"cache_creation_input_tokens":20,"cache_read_input_tokens":30,"output_tokens":12}"""), Stop),
        Streamed("a refusal in the middle", (9 * 2) + (3 * 10),
            Start("""{"input_tokens":9,"output_tokens":1}"""), BlockStart(0, """{"type":"text","text":""}"""), Delta(0, """{"type":"text_delta","text":"so far"}"""), BlockStop(0),
            """{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":"cyber","explanation":"This was refused."}},"usage":{"output_tokens":3}}""", Stop),
        Streamed("signature alone, and things of a later time", (4 * 2) + (6 * 10),
            Start("""{"input_tokens":4,"output_tokens":1}"""), BlockStart(0, """{"type":"thinking","thinking":"","signature":""}"""), Delta(0, """{"type":"signature_delta","signature":"c2ln"}"""), BlockStop(0),
            """{"type":"of_a_later_time","x":{"y":[1,2]}}""", BlockStart(1, """{"type":"hologram","x":1}"""), Delta(1, """{"type":"hologram_delta","x":1}"""), BlockStop(1),
            BlockStart(2, """{"type":"text","text":""}"""), Delta(2, """{"type":"text_delta","text":"\ud83d\ude42"}"""),
            Delta(2, """{"type":"citations_delta","citation":{"type":"char_location","cited_text":"c"}}"""), BlockStop(2),
            Ending("end_turn", """{"output_tokens":6}"""), Stop),
    ];

    private static Reply Whole(string name, decimal micros, string blocks, string reason, string usage) => Reply.Whole(
        ReplyDialect.Anthropic, name, micros,
        $$"""{"id":"msg_1","type":"message","role":"assistant","model":"claude-theirs","content":[{{blocks}}],"stop_reason":"{{reason}}","stop_sequence":null,"usage":{{usage}}}""");

    private static Reply Streamed(string name, decimal micros, params IEnumerable<string> events) => Reply.Streamed(
        ReplyDialect.Anthropic, name, micros,
        events.Select(static data => $"event: {JsonDocument.Parse(data).RootElement.GetProperty("type").GetString()}\ndata: {data}\n\n"));

    private static string Start(string usage) =>
        $$$"""{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-theirs","content":[],"stop_reason":null,"usage":{{{usage}}} }}""";

    private static string BlockStart(int index, string block) => $$"""{"type":"content_block_start","index":{{index}},"content_block":{{block}}}""";

    private static string Delta(int index, string delta) => $$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}}}""";

    private static string BlockStop(int index) => $$"""{"type":"content_block_stop","index":{{index}}}""";

    private static string Ending(string reason, string usage) => $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{{{usage}}} }""";
}
