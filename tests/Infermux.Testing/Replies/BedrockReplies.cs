namespace Infermux.Testing;

/// <summary>Replies of Bedrock's Converse.</summary>
internal static class BedrockReplies
{
    public static IReadOnlyList<Reply> All { get; } =
    [
        Whole("reasoning, text and two tools", (7 * 2) + (2 * 0.5m) + (9 * 10),
            """
            {"reasoningContent":{"reasoningText":{"text":"hm 🙂","signature":"c2ln"}}},{"reasoningContent":{"redactedContent":"AAEC"}},{"text":"naïve \"q\"\n"},
            {"toolUse":{"toolUseId":"tooluse_a","name":"f","input":{"x": "é"}}},{"toolUse":{"toolUseId":"tooluse_b","name":"g","input":{}}}
            """, "tool_use", """{"inputTokens":7,"cacheReadInputTokens":2,"outputTokens":9,"totalTokens":18}"""),
        Whole("cache written", (2 * 2) + (1322 * 2.5m) + (5 * 10), """{"text":"x"}""", "end_turn",
            """{"inputTokens":2,"cacheReadInputTokens":0,"cacheWriteInputTokens":1322,"outputTokens":5,"totalTokens":1329}"""),
        Whole("guardrail", (4 * 2) + (1 * 10), """{"text":"Blocked."}""", "guardrail_intervened", """{"inputTokens":4,"outputTokens":1,"totalTokens":5}"""),

        Streamed("reasoning, text and two tools", (7 * 2) + (2 * 0.5m) + (9 * 10),
            ("messageStart", """ "role":"assistant" """),
            Delta(0, """ "reasoningContent":{"text":"hm 🙂"} """), Delta(0, """ "reasoningContent":{"signature":"c2ln"} """), BlockStop(0),
            Delta(1, """ "reasoningContent":{"redactedContent":"AAEC"} """), BlockStop(1),
            Delta(2, """ "text":"na\u00efve \"q\"\n" """), Delta(2, """ "text":"" """), BlockStop(2),
            Tool(3, "tooluse_a", "f"), Delta(3, """ "toolUse":{"input":"{\"x\":\"é"} """), Delta(3, """ "toolUse":{"input":"\"}"} """), BlockStop(3),
            Tool(4, "tooluse_b", "g"), BlockStop(4), ("ofALaterTime", "\"x\":1"),
            Stop("tool_use"), Metadata("""{"inputTokens":7,"cacheReadInputTokens":2,"outputTokens":9,"totalTokens":18}""")),
        Streamed("cut at its cap", (3 * 2) + (5 * 10),
            ("messageStart", """ "role":"assistant" """), Delta(0, """ "text":"\ud83d" """), Delta(0, """ "text":"\ude42" """), BlockStop(0),
            Stop("max_tokens"), Metadata("""{"inputTokens":3,"outputTokens":5,"totalTokens":8}""")),
    ];

    private static Reply Whole(string name, decimal micros, string blocks, string reason, string usage) => Reply.Whole(
        ReplyDialect.Bedrock, name, micros,
        $$$"""{"output":{"message":{"role":"assistant","content":[{{{blocks}}}]}},"stopReason":"{{{reason}}}","usage":{{{usage}}},"metrics":{"latencyMs":9}}""");

    private static Reply Streamed(string name, decimal micros, params IEnumerable<(string Type, string Members)> events) => new(
        ReplyDialect.Bedrock, name, true, [.. events.SelectMany(static e => EventFrame.Event(e.Type, $$"""{{{e.Members}},"p":"abc"}"""))], micros);

    private static (string Type, string Members) Delta(int block, string delta) => ("contentBlockDelta", $$$""" "contentBlockIndex":{{{block}}},"delta":{{{{delta}}}}""");

    private static (string Type, string Members) Tool(int block, string id, string name) =>
        ("contentBlockStart", $$$""" "contentBlockIndex":{{{block}}},"start":{"toolUse":{"toolUseId":"{{{id}}}","name":"{{{name}}}"} }""");

    private static (string Type, string Members) BlockStop(int block) => ("contentBlockStop", $"\"contentBlockIndex\":{block}");

    private static (string Type, string Members) Stop(string reason) => ("messageStop", $"\"stopReason\":\"{reason}\"");

    private static (string Type, string Members) Metadata(string usage) => ("metadata", $$""" "usage":{{usage}},"metrics":{"latencyMs":1}""");
}
