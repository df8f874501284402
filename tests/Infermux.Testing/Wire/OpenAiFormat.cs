using System.Text.Json;

namespace Infermux.Testing;

/// <summary>OpenAI chat.completions, also in Azure's form; the rules of usage are OpenAI's own: a chunk of its own, only where asked for.</summary>
internal sealed class OpenAiFormat : IWireFormat
{
    public WireEvent? Ping => null;

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => OpenAiReader.Chat(route, body);

    public string Whole(Call call, Answer answer)
    {
        var choices = Enumerable.Range(0, call.Choices).Select(index =>
            $$"""{"index":{{index}},"message":{{Message(answer)}},"logprobs":null,"finish_reason":{{Json.Text(Finish(call, answer))}}{{Filter(call)}}}""");
        var usage = answer.Report == UsageReport.Absent ? "" : $""","usage":{OpenAiUsage.Json(answer.Told)}""";
        return $$"""{"id":{{Json.Text(answer.Id)}},"object":"chat.completion","created":{{answer.Created}},"model":{{Json.Text(answer.Model)}},"choices":[{{string.Join(',', choices)}}]{{usage}},"service_tier":"default","system_fingerprint":"fp_scripted"}""";
    }

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time)
    {
        if (call.Route.Azure)
        {
            yield return new WireEvent(WireEventKind.Opening, """{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}""");
        }

        var head = $$"""{"id":{{Json.Text(answer.Id)}},"object":"chat.completion.chunk","created":{{answer.Created}},"model":{{Json.Text(answer.Model)}},"service_tier":"default","system_fingerprint":"fp_scripted","choices":[""";
        long output = 0;
        for (var index = 0; index < call.Choices; index++)
        {
            yield return new WireEvent(WireEventKind.Opening, Chunk(call, answer, head, index, """{"role":"assistant","content":"","refusal":null}""", null, 0));
            var first = true;
            foreach (var piece in answer.Pieces)
            {
                output += piece.Tokens;
                yield return new WireEvent(
                    WireEventKind.Content, Chunk(call, answer, head, index, Delta(answer, piece, answer.Streamed(piece, first, time)), null, output), Tokens: piece.Tokens);
                first = false;
            }

            yield return new WireEvent(WireEventKind.Ending, Chunk(call, answer, head, index, "{}", Finish(call, answer), output));
        }

        if (call.IncludeUsage && answer.Report is not (UsageReport.Absent or UsageReport.InEveryChunk))
        {
            yield return new WireEvent(WireEventKind.Ending, $$"""{{head}}],"usage":{{OpenAiUsage.Json(answer.Told)}}}""");
        }

        yield return new WireEvent(WireEventKind.Terminal, "[DONE]");
    }

    public string Error(int status, string? code, string message, string? param = null) => OpenAiError.Body(status, code, message, param);

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, OpenAiError.Body(500, code, message, null));

    private static string Chunk(Call call, Answer answer, string head, int index, string delta, string? finish, long output)
    {
        var usage = answer.Report switch
        {
            UsageReport.InEveryChunk => $""","usage":{OpenAiUsage.Json(answer.Usage with { Output = output, Reasoning = Math.Min(answer.Usage.Reasoning, output) })}""",
            UsageReport.Absent => "",
            _ => call.IncludeUsage ? ""","usage":null""" : "",
        };
        return $$"""{{head}}{"index":{{index}},"delta":{{delta}},"logprobs":null,"finish_reason":{{Json.Text(finish)}}}]{{usage}}}""";
    }

    private static string Delta(Answer answer, Piece piece, string text) => piece.Kind switch
    {
        PieceKind.Text => $$"""{"content":{{Json.Text(text)}}}""",
        PieceKind.Reasoning => $$"""{"reasoning_content":{{Json.Text(text)}}}""",
        PieceKind.Refusal => $$"""{"refusal":{{Json.Text(text)}}}""",
        PieceKind.ToolStart => $$$"""{"tool_calls":[{"index":{{{piece.Tool}}},"id":{{{Json.Text(answer.ToolId("call_", piece.Tool))}}},"type":"function","function":{"name":{{{Json.Text(text)}}},"arguments":""}}]}""",
        _ => $$$"""{"tool_calls":[{"index":{{{piece.Tool}}},"function":{"arguments":{{{Json.Text(text)}}}}}]}""",
    };

    private static string Message(Answer answer)
    {
        var text = answer.CallsTools || answer.Refuses ? "null" : Json.Text(answer.Joined(PieceKind.Text));
        var refusal = answer.Refuses ? Json.Text(answer.Joined(PieceKind.Refusal)) : "null";
        var reasoning = answer.Joined(PieceKind.Reasoning) is { Length: > 0 } thought ? $""","reasoning_content":{Json.Text(thought)}""" : "";
        var calls = answer.Pieces.Where(static piece => piece.Kind == PieceKind.ToolStart).Select(piece =>
            $$$"""{"id":{{{Json.Text(answer.ToolId("call_", piece.Tool))}}},"type":"function","function":{"name":{{{Json.Text(piece.Text)}}},"arguments":{{{Json.Text(answer.Joined(PieceKind.ToolArguments, piece.Tool))}}}}}""");
        var tools = answer.CallsTools ? $""","tool_calls":[{string.Join(',', calls)}]""" : "";
        return $$"""{"role":"assistant","content":{{text}},"refusal":{{refusal}},"annotations":[]{{reasoning}}{{tools}}}""";
    }

    // With a forced named function OpenAI says "stop" although tool_calls is filled.
    private static string Finish(Call call, Answer answer) => answer.FinishReason
        ?? (answer.CutByCap ? "length" : answer.CallsTools && call.ForcedTool is null ? "tool_calls" : "stop");

    private static string Filter(Call call) =>
        call.Route.Azure ? ""","content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}""" : "";
}
