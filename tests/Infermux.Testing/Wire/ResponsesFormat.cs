using System.Text.Json;

namespace Infermux.Testing;

/// <summary>OpenAI Responses, without stored state, as its server speaks it.</summary>
internal sealed class ResponsesFormat : IWireFormat
{
    public WireEvent? Ping => null;

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => ResponsesReader.Read(route, body);

    public string Whole(Call call, Answer answer) =>
        Response(call, answer, answer.CutByCap ? "incomplete" : "completed", string.Join(',', Items(call, answer).Select(static item => item.Done)));

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time)
    {
        var sequence = 0;
        WireEvent Event(WireEventKind kind, string type, string rest, int tokens = 0) =>
            new(kind, $$"""{"type":"{{type}}","sequence_number":{{sequence++}}{{rest}}}""", type, tokens);

        yield return Event(WireEventKind.Opening, "response.created", $""","response":{Response(call, answer, "in_progress", "")}""");
        yield return Event(WireEventKind.Opening, "response.in_progress", $""","response":{Response(call, answer, "in_progress", "")}""");
        var index = 0;
        var first = true;
        foreach (var item in Items(call, answer))
        {
            var at = $""","item_id":{Json.Text(item.Id)},"output_index":{index}""";
            yield return Event(item.IsCall ? WireEventKind.Content : WireEventKind.Opening, "response.output_item.added", $""","output_index":{index},"item":{item.Added}""", item.StartTokens);
            foreach (var (type, rest) in item.Opening)
            {
                yield return Event(WireEventKind.Opening, type, at + rest);
            }

            foreach (var piece in item.Pieces)
            {
                yield return Event(WireEventKind.Content, item.Delta, $"""{at}{item.Place},"delta":{Json.Text(answer.Streamed(piece, first, time))}""", piece.Tokens);
                first = false;
            }

            foreach (var (type, rest) in item.Closing)
            {
                yield return Event(WireEventKind.Ending, type, at + rest);
            }

            yield return Event(WireEventKind.Ending, "response.output_item.done", $""","output_index":{index++},"item":{item.Done}""");
        }

        var status = answer.CutByCap ? "incomplete" : "completed";
        yield return Event(
            WireEventKind.Terminal, $"response.{status}",
            $""","response":{Response(call, answer, status, string.Join(',', Items(call, answer).Select(static item => item.Done)))}""");
    }

    public string Error(int status, string? code, string message, string? param = null) => OpenAiError.Body(status, code, message, param);

    public WireEvent ErrorEvent(string? code, string message) => new(
        WireEventKind.Ending,
        $$$"""{"type":"error","sequence_number":2,"error":{"type":{{{Json.Text(code is "insufficient_quota" ? code : "server_error")}}},"code":{{{Json.Text(code ?? "server_error")}}},"message":{{{Json.Text(message)}}},"param":null}}""",
        "error");

    private static string Response(Call call, Answer answer, string status, string output)
    {
        var ended = status is not "in_progress";
        var usage = ended && answer.Report != UsageReport.Absent ? Usage(answer.Told) : "null";
        var reason = status is "incomplete" ? """{"reason":"max_output_tokens"}""" : "null";
        return $$"""{"id":{{Json.Text(answer.Id)}},"object":"response","created_at":{{answer.Created}},"status":"{{status}}","background":false,"error":null,"incomplete_details":{{reason}},"instructions":null,"max_output_tokens":null,"model":{{Json.Text(answer.Model)}},"output":[{{output}}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":"low","summary":null},"service_tier":"{{(ended ? "default" : "auto")}}","store":false,"temperature":1.0,"text":{"format":{"type":"text"},"verbosity":"medium"},"tool_choice":"auto","tools":{{call.Body.Member("tools")?.GetRawText() ?? "[]"}},"top_p":1.0,"truncation":"disabled","metadata":{},"usage":{{usage}},"user":null}""";
    }

    private static string Usage(TokenCount count) =>
        $$$"""{"input_tokens":{{{count.Prompt}}},"input_tokens_details":{"cached_tokens":{{{count.CacheRead}}},"cache_write_tokens":{{{count.CacheWrite}}}},"output_tokens":{{{count.Output}}},"output_tokens_details":{"reasoning_tokens":{{{count.Reasoning}}}},"total_tokens":{{{count.Prompt + count.Output}}}}""";

    private static IEnumerable<ResponsesItem> Items(Call call, Answer answer)
    {
        if (answer.Joined(PieceKind.Reasoning).Length > 0)
        {
            yield return ResponsesItem.Reasoning(call, answer);
        }

        if (answer.Joined(PieceKind.Text).Length > 0 || (!answer.CallsTools && !answer.Refuses))
        {
            yield return ResponsesItem.Message(answer);
        }

        if (answer.Refuses)
        {
            yield return ResponsesItem.Refusal(answer);
        }

        foreach (var start in answer.Pieces.Where(static piece => piece.Kind == PieceKind.ToolStart))
        {
            yield return ResponsesItem.Call(call, answer, start);
        }
    }
}
