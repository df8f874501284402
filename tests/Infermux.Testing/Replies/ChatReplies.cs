namespace Infermux.Testing;

/// <summary>Replies of OpenAI's chat completions and of the servers that are nearly compatible with it.</summary>
internal static class ChatReplies
{
    public static IReadOnlyList<Reply> All { get; } =
    [
        Whole("text", (4 * 2) + (6 * 0.5m) + (5 * 10), // prompt 10, of which 6 cached
            """{"role":"assistant","content":"naïve 🙂 \"q\"\n","refusal":null,"annotations":[]}""", "stop",
            """{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":1}}"""),
        Whole("parallel tools", (40 * 2) + (25 * 10),
            """{"role":"assistant","content":null,"tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{\"x\": \"é\"}"}},{"id":"call_b","type":"function","function":{"name":"g","arguments":""}}]}""", "tool_calls",
            """{"prompt_tokens":40,"completion_tokens":25,"total_tokens":65}"""),
        Whole("call without an id, arguments as an object", (3 * 2) + (4 * 10),
            """{"role":"assistant","content":"","tool_calls":[{"id":"","type":"function","function":{"name":"f","arguments":{"a":[1,{"b":null}]}}}]}""", "stop",
            """{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}"""),
        Whole("refusal", (9 * 2) + (3 * 10), """{"role":"assistant","content":null,"refusal":"I can't help."}""", "stop", """{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}"""),
        Whole("reasoning, cut at its cap", (11 * 2) + (300 * 10), """{"role":"assistant","content":"","reasoning_content":"hm 🙂"}""", "length",
            """{"prompt_tokens":11,"completion_tokens":300,"total_tokens":311,"completion_tokens_details":{"reasoning_tokens":300}}"""),
        Whole("hidden reasoning", (35 * 2) + (74 * 10), """{"role":"assistant","content":"x"}""", "stop", """{"prompt_tokens":35,"completion_tokens":12,"total_tokens":109}"""), // 62 told in the total alone
        Whole("no usage", null, """{"role":"assistant","content":"nobody counted"}""", "stop", "null"),

        Streamed("text", (4 * 2) + (6 * 0.5m) + (4 * 10),
            Chunk("""{"role":"assistant","content":""}"""), Chunk("""{"content":"Hé\n"}"""), Chunk("""{"content":"\ud83d"}"""), Chunk("""{"content":"\ude42 ж"}"""), Chunk("{}", "\"stop\""),
            Usage("""{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":1}}"""), Done),
        Streamed("parallel tools that interleave", (40 * 2) + (25 * 10),
            Chunk("""{"role":"assistant","content":null}"""),
            Chunk("""{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"f","arguments":""}}]}"""),
            Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}"""),
            Chunk("""{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}},{"index":0,"function":{"arguments":"\"é\"}"}}]}"""),
            Chunk("{}", "\"tool_calls\""), Usage("""{"prompt_tokens":40,"completion_tokens":25,"total_tokens":65}"""), Done),
        Streamed("calls without index and id, a null reason", (5 * 2) + (6 * 10),
            Chunk("""{"role":"assistant","content":"Looking.","tool_calls":[{"function":{"name":"f","arguments":"{\"a\":"}}]}"""), Chunk("""{"tool_calls":[{"function":{"name":"f","arguments":"1}"}}]}"""),
            Chunk("{}", "\"stop\"", """{"prompt_tokens":5,"completion_tokens":6,"total_tokens":11}"""), Done),
        Streamed("reasoning, and usage with the reason", (7 * 2) + (9 * 10),
            ": OPENROUTER PROCESSING\n\n", Chunk("""{"role":"assistant","content":"","reasoning_content":"let me"}"""), Chunk("""{"reasoning_content":" think"}"""), ": keep-alive\n\n",
            Chunk("""{"content":"42"}"""), Chunk("""{"content":""}""", "\"length\"", """{"prompt_tokens":7,"completion_tokens":9,"total_tokens":16,"completion_tokens_details":{"reasoning_tokens":5}}"""), Done),
        Streamed("usage that grows in each chunk", (3 * 2) + (2 * 10),
            Chunk("""{"role":"assistant","content":"a"}""", "null", """{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}"""),
            Chunk("""{"content":"b"}""", "\"stop\"", """{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}"""), Done),
        Streamed("refusal", (9 * 2) + (3 * 10),
            Chunk("""{"role":"assistant","content":null,"refusal":""}"""), Chunk("""{"refusal":"I can't"}"""), Chunk("""{"refusal":" help."}"""), Chunk("{}", "\"stop\""),
            Usage("""{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}"""), Done),
        Streamed("prompt filter first, carriage returns", (8 * 2) + (1 * 10),
            [.. new[]
            {
                """data: {"id":"","object":"","created":0,"model":"","choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}""" + "\n\n",
                Chunk("""{"role":"assistant","content":"x"}"""), Chunk("{}", "\"content_filter\""), Usage("""{"prompt_tokens":8,"completion_tokens":1,"total_tokens":9}"""), Done,
            }.Select(static text => text.Replace("\n", "\r\n", StringComparison.Ordinal))]),
        Streamed("no usage", null, Chunk("""{"role":"assistant","content":"nobody counted"}"""), Chunk("{}", "\"stop\""), Done),
    ];

    private const string Done = "data: [DONE]\n\n";

    private static Reply Whole(string name, decimal? micros, string message, string finish, string usage) => Reply.Whole(
        ReplyDialect.Chat, name, micros,
        $$"""{"id":"chatcmpl-1","object":"chat.completion","created":7,"model":"theirs","choices":[{"index":0,"message":{{message}},"logprobs":null,"finish_reason":"{{finish}}"}],"usage":{{usage}},"system_fingerprint":"fp"}""");

    private static Reply Streamed(string name, decimal? micros, params IEnumerable<string> events) => Reply.Streamed(ReplyDialect.Chat, name, micros, events);

    private static string Chunk(string delta, string finish = "null", string usage = "null") =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"theirs","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}],"usage":{{usage}},"obfuscation":"xy"}""" + "\n\n";

    private static string Usage(string usage) => $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"theirs","choices":[],"usage":{{usage}}}""" + "\n\n";
}
