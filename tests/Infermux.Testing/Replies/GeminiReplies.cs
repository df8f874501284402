using System.Text;

namespace Infermux.Testing;

/// <summary>
/// Replies of Gemini, written from its documentation so that a plain clone tests the dialect. Each is a list of responses: one of a whole answer, several of a
/// stream.
/// </summary>
public static class GeminiReplies
{
    /// <summary>The replies by what they show.</summary>
    public static IReadOnlyDictionary<string, string[]> All { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["text"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"naïve \"q\"\n"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":8,"totalTokenCount":8},"modelVersion":"gemini-2.5-flash","responseId":"R1"}""",
            """{"candidates":[{"content":{"parts":[{"text":"\ud83d\ude42 answer"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":5,"totalTokenCount":13,"promptTokensDetails":[{"modality":"TEXT","tokenCount":8}]},"modelVersion":"gemini-2.5-flash","responseId":"R1"}""",
        ],
        ["thoughts"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"hm ","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":10,"thoughtsTokenCount":30,"totalTokenCount":40},"responseId":"R2"}""",
            """{"candidates":[{"content":{"parts":[{"text":"🙂","thought":true},{"text":"42"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":1,"thoughtsTokenCount":33,"totalTokenCount":44},"responseId":"R2"}""",
            """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"c2lnLXRleHQ="}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":2,"thoughtsTokenCount":33,"totalTokenCount":45},"responseId":"R2"}""",
        ],
        ["parallel tools"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"Looking."},{"functionCall":{"name":"weather","args":{"city": "Zürich", "days": 1.50}},"thoughtSignature":"c2lnLWNhbGw="},{"functionCall":{"name":"clock"}}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":40,"candidatesTokenCount":12,"thoughtsTokenCount":20,"totalTokenCount":72},"responseId":"R3"}""",
            """{"candidates":[{"content":{"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":40,"candidatesTokenCount":25,"thoughtsTokenCount":20,"totalTokenCount":85},"responseId":"R3"}""",
        ],
        ["calls with ids"] =
        [
            """{"candidates":[{"content":{"parts":[{"functionCall":{"id":"fc-1","name":"f","args":{"a":1}}}],"role":"model"},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":4},"responseId":"R4"}""",
        ],
        ["two candidates"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"a"}]},"index":0},{"content":{"parts":[{"text":"b"}]},"index":1}],"responseId":"R5"}""",
            """{"candidates":[{"content":{"parts":[{"text":"B"}]},"finishReason":"MAX_TOKENS","index":1},{"content":{"parts":[{"text":"A"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4},"responseId":"R5"}""",
        ],
        ["no parts"] =
        [
            """{"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS","index":0}],"usageMetadata":{"promptTokenCount":15,"thoughtsTokenCount":2,"totalTokenCount":17},"responseId":"R6"}""",
        ],
        ["cut by a filter"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"so far"}]},"index":0}],"responseId":"R7"}""",
            """{"candidates":[{"finishReason":"SAFETY","index":0,"safetyRatings":[{"category":"HARM_CATEGORY_HARASSMENT","probability":"HIGH","blocked":true}]}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2},"responseId":"R7"}""",
        ],
        ["withheld"] =
        [
            """{"candidates":[{"finishReason":"RECITATION","finishMessage":"Too close to a known text.","index":0}],"usageMetadata":{"promptTokenCount":9},"responseId":"R8"}""",
        ],
        ["blocked prompt"] =
        [
            """{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":12,"totalTokenCount":12},"modelVersion":"gemini-2.5-flash","responseId":"R9"}""",
        ],
        ["cached and tool use"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"x"}]},"index":0}],"usageMetadata":{"promptTokenCount":1000,"cachedContentTokenCount":600,"thoughtsTokenCount":30},"responseId":"R10"}""",
            """{"candidates":[{"content":{"parts":[{"text":"y"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"candidatesTokenCount":20,"toolUsePromptTokenCount":50,"totalTokenCount":1100},"responseId":"R10"}""",
        ],
        ["reasons in every chunk"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"old "}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":1}}""",
            """{"candidates":[{"content":{"parts":[{"text":"model"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}""",
        ],
        ["flex"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":100,"candidatesTokenCount":10,"thoughtsTokenCount":10,"serviceTier":"flex"},"responseId":"R12"}""",
        ],
        ["long prompt"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":250000,"candidatesTokenCount":100,"serviceTier":"standard"},"responseId":"R13"}""",
        ],
        ["logprobs"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"Hé"}]},"index":0,"logprobsResult":{"topCandidates":[{"candidates":[{"token":"Hé","tokenId":1,"logProbability":-0.1},{"token":"Ha","tokenId":2,"logProbability":-2.5}]}],"chosenCandidates":[{"token":"Hé","tokenId":1,"logProbability":-0.1}]}}],"responseId":"R14"}""",
            """{"candidates":[{"content":{"parts":[{"text":"!"}]},"finishReason":"STOP","index":0,"logprobsResult":{"chosenCandidates":[{"token":"!","tokenId":3}]}}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":2},"responseId":"R14"}""",
        ],
        ["quotes and braces"] =
        [
            """{"candidates":[{"content":{"parts":[{"text":"say \"}]\" {[ \\"}]},"index":0}],"responseId":"R16"}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":"\\\"}"}}}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":9},"responseId":"R16"}""",
        ],
        ["of a later time"] =
        [
            """{"somethingNew":{"a":[1,2]},"candidates":[{"content":{"parts":[{"hologram":{"x":1}},{"text":"x","newField":[{}]},{"text":7},"odd"]},"index":0,"mood":"good"}],"usageMetadata":{"promptTokenCount":"many","dreamTokenCount":7},"responseId":"R15"}""",
            """{"candidates":[{"content":{"parts":null},"finishReason":"BORED","index":0}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1},"responseId":"R15"}""",
        ],
    };

    internal static IReadOnlyList<Reply> Priced { get; } = Forms(
        ("text", (8 * 2) + (5 * 10)),
        ("thoughts", (10 * 2) + ((2 + 33) * 10)),
        ("parallel tools", (40 * 2) + ((25 + 20) * 10)),
        ("calls with ids", (5 * 2) + (4 * 10)),
        ("two candidates", (3 * 2) + (4 * 10)),
        ("no parts", (15 * 2) + (2 * 10)),
        ("cut by a filter", (9 * 2) + (2 * 10)),
        ("withheld", 9 * 2),
        ("blocked prompt", 12 * 2),
        ("cached and tool use", ((1000 - 600 + 50) * 2) + (600 * 0.5m) + ((20 + 30) * 10)),
        ("reasons in every chunk", (3 * 2) + (2 * 10)),
        ("flex", (100 * 2) + (20 * 10)),
        ("long prompt", (250_000 * 2) + (100 * 10)),
        ("logprobs", (1 * 2) + (2 * 10)),
        ("quotes and braces", (1 * 2) + (9 * 10)),
        ("of a later time", (1 * 2) + (1 * 10)));

    private static List<Reply> Forms(params IEnumerable<(string Name, decimal Micros)> replies) => [.. replies.SelectMany(static reply => new Reply[]
    {
        new(ReplyDialect.Gemini, reply.Name, true, AsEvents(All[reply.Name]), reply.Micros),
        new(ReplyDialect.Gemini, $"{reply.Name} as an array", true, AsArray(All[reply.Name]), reply.Micros),
        new(ReplyDialect.Gemini, reply.Name, false, AsArray(All[reply.Name]), reply.Micros),
    })];

    /// <summary>Responses as the events of <c>alt=sse</c>, with Google's line ends.</summary>
    public static byte[] AsEvents(IEnumerable<string> responses) => Encoding.UTF8.GetBytes(string.Concat(responses.Select(static data => $"data: {data}\r\n\r\n")));

    /// <summary>Responses as one JSON array, the form without <c>alt=sse</c>.</summary>
    public static byte[] AsArray(IEnumerable<string> responses) => Encoding.UTF8.GetBytes($"[{string.Join("\n,\r\n", responses)}\n]\n");
}
