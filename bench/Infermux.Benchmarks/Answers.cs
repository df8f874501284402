using System.Text;
using Infermux.Testing;

namespace Infermux.Benchmarks;

/// <summary>What a provider of each dialect answers: 500 bytes of text at once, or chunks with 50 bytes each.</summary>
internal static class Answers
{
    private const string FiftyBytes = "fifty bytes of an answer in every chunk that comes";
    private static readonly string FiveHundred = string.Concat(Enumerable.Repeat(FiftyBytes, 10));

    public static byte[] Whole(UpstreamKind upstream) => Encoding.UTF8.GetBytes(upstream switch
    {
        UpstreamKind.OpenAi => $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":"{{{FiveHundred}}}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}""",
        UpstreamKind.Anthropic => $$$"""{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[{"type":"text","text":"{{{FiveHundred}}}"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1000,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":100}}""",
        UpstreamKind.Gemini => $$$"""{"candidates":[{"content":{"parts":[{"text":"{{{FiveHundred}}}"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":100,"totalTokenCount":1100},"modelVersion":"gemini-2.5-flash","responseId":"R1"}""",
        UpstreamKind.Bedrock => $$$"""{"metrics":{"latencyMs":900},"output":{"message":{"content":[{"text":"{{{FiveHundred}}}"}],"role":"assistant"}},"stopReason":"end_turn","usage":{"inputTokens":1000,"outputTokens":100,"totalTokens":1100}}""",
        _ => $$$"""{"id":"resp_1","object":"response","created_at":1700000000,"status":"completed","error":null,"model":"gpt-6.1-sol","output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","annotations":[],"text":"{{{FiveHundred}}}"}]}],"usage":{"input_tokens":1000,"output_tokens":100,"total_tokens":1100}}""",
    });

    /// <summary>One array an event.</summary>
    public static byte[][] Streamed(UpstreamKind upstream, int chunks) => upstream switch
    {
        UpstreamKind.OpenAi => OpenAi(chunks),
        UpstreamKind.Anthropic => Anthropic(chunks),
        UpstreamKind.Gemini => Gemini(chunks),
        UpstreamKind.Bedrock => Bedrock(chunks),
        _ => Responses(chunks),
    };

    private static byte[][] OpenAi(int chunks)
    {
        const string head = """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-mini-2024-07-18","choices":[""";
        return
        [
            .. Many(chunks, Bytes("data: " + head + $$$"""{"index":0,"delta":{"content":"{{{FiftyBytes}}}"},"finish_reason":null}]}""" + "\n\n")),
            Bytes("data: " + head + """{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n"),
            Bytes("data: " + head + """],"usage":{"prompt_tokens":10,"completion_tokens":1000,"total_tokens":1010}}""" + "\n\ndata: [DONE]\n\n"),
        ];
    }

    private static byte[][] Anthropic(int chunks) =>
    [
        Event("message_start", """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":1}}}"""),
        Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
        .. Many(chunks, Event("content_block_delta", $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{FiftyBytes}}}"}}""")),
        Event("content_block_stop", """{"type":"content_block_stop","index":0}"""),
        Event("message_delta", """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":1000}}"""),
        Event("message_stop", """{"type":"message_stop"}"""),
    ];

    private static byte[][] Gemini(int chunks)
    {
        var head = $$$"""data: {"candidates":[{"content":{"parts":[{"text":"{{{FiftyBytes}}}"}],"role":"model"},""";
        const string tail = """ "index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":1000,"totalTokenCount":1010},"modelVersion":"gemini-2.5-flash","responseId":"R1"}""" + "\r\n\r\n";
        return [.. Many(chunks, Bytes(head + tail)), Bytes(head + "\"finishReason\":\"STOP\"," + tail)];
    }

    private static byte[][] Bedrock(int chunks) =>
    [
        EventFrame.Event("messageStart", """{"role":"assistant","p":"abcdefgh"}"""),
        .. Many(chunks, EventFrame.Event("contentBlockDelta", $$$"""{"contentBlockIndex":0,"delta":{"text":"{{{FiftyBytes}}}"},"p":"abcdefgh"}""")),
        EventFrame.Event("contentBlockStop", """{"contentBlockIndex":0,"p":"abcdefgh"}"""),
        EventFrame.Event("messageStop", """{"stopReason":"end_turn","p":"abcdefgh"}"""),
        EventFrame.Event("metadata", """{"usage":{"inputTokens":10,"outputTokens":1000,"totalTokens":1010},"metrics":{"latencyMs":9},"p":"abcdefgh"}"""),
    ];

    private static byte[][] Responses(int chunks)
    {
        const string response = """ "response":{"id":"resp_1","object":"response","created_at":1700000000,"model":"gpt-6.1-sol","error":null,"output":[],"status":""";
        return
        [
            Event("response.created", $$"""{"type":"response.created","sequence_number":0,{{response}}"in_progress"} }"""),
            Event("response.output_item.added", """{"type":"response.output_item.added","output_index":0,"sequence_number":1,"item":{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}}"""),
            .. Many(chunks, Event("response.output_text.delta", $$"""{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"sequence_number":2,"delta":"{{FiftyBytes}}"}""")),
            Event("response.completed", $$$"""{"type":"response.completed","sequence_number":3,{{{response}}}"completed","usage":{"input_tokens":10,"output_tokens":1000,"total_tokens":1010} } }"""),
        ];
    }

    private static IEnumerable<byte[]> Many(int chunks, byte[] chunk) => Enumerable.Repeat(chunk, chunks);

    private static byte[] Event(string name, string json) => Bytes($"event: {name}\ndata: {json}\n\n");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
