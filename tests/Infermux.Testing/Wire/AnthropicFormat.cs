using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Anthropic Messages.</summary>
internal sealed class AnthropicFormat : IWireFormat
{
    public WireEvent? Ping { get; } = new(WireEventKind.Opening, """{"type": "ping"}""", "ping");

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => AnthropicReader.Messages(route, body, headers);

    public string Whole(Call call, Answer answer)
    {
        if (call.Route.Kind == CallKind.CountTokens)
        {
            return $$"""{"input_tokens":{{answer.Usage.Prompt}}}""";
        }

        var usage = answer.Report == UsageReport.Absent ? "" : $""","usage":{AnthropicUsage.Json(answer.Told, answer.Told.Output)}""";
        return $$"""{"id":{{Json.Text(answer.Id)}},"type":"message","role":"assistant","model":{{Json.Text(answer.Model)}},"content":[{{string.Join(',', Blocks(answer))}}],{{Stop(answer)}}{{usage}}}""";
    }

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time)
    {
        var absent = answer.Report == UsageReport.Absent;
        var opening = absent ? "" : $""","usage":{AnthropicUsage.Json(answer.Told, Math.Min(1, answer.Told.Output))}""";
        yield return Event(
            WireEventKind.Opening, "message_start",
            $$""","message":{"id":{{Json.Text(answer.Id)}},"type":"message","role":"assistant","model":{{Json.Text(answer.Model)}},"content":[],"stop_reason":null,"stop_sequence":null{{opening}}}""");
        yield return Ping!;
        foreach (var wireEvent in BlockEvents(answer, time))
        {
            yield return wireEvent;
        }

        var usage = absent ? "" : $""","usage":{AnthropicUsage.Json(answer.Told, answer.Told.Output)}""";
        yield return Event(WireEventKind.Ending, "message_delta", $$""","delta":{{{Stop(answer)}}}{{usage}}""");
        yield return Event(WireEventKind.Terminal, "message_stop", "");
    }

    public string Error(int status, string? code, string message, string? param = null) =>
        $$$"""{"type":"error","error":{"type":{{{Json.Text(code ?? UsualType(status))}}},"message":{{{Json.Text(message)}}}},"request_id":"req_scripted"}""";

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, Error(529, code, message), "error");

    // One block at a time; a block opens with its first piece, and a tool call's opening already names the tool, which is content.
    private static IEnumerable<WireEvent> BlockEvents(Answer answer, TimeProvider time)
    {
        var block = -1;
        var open = (Kind: PieceKind.Refusal, Tool: -1);
        foreach (var piece in answer.Pieces.Where(static piece => piece.Kind != PieceKind.Refusal))
        {
            var kind = piece.Kind == PieceKind.ToolArguments ? PieceKind.ToolStart : piece.Kind;
            var first = block < 0;
            if (open != (kind, piece.Tool))
            {
                foreach (var closing in block < 0 ? [] : Close(open.Kind, block))
                {
                    yield return closing;
                }

                open = (kind, piece.Tool);
                yield return Event(
                    kind == PieceKind.ToolStart ? WireEventKind.Content : WireEventKind.Opening, "content_block_start",
                    $""","index":{++block},"content_block":{Empty(answer, piece)}""", kind == PieceKind.ToolStart ? piece.Tokens : 0);
            }

            if (piece.Kind != PieceKind.ToolStart)
            {
                yield return Event(
                    WireEventKind.Content, "content_block_delta", $""","index":{block},"delta":{Delta(piece, answer.Streamed(piece, first, time))}""", piece.Tokens);
            }
        }

        foreach (var closing in block < 0 ? [] : Close(open.Kind, block))
        {
            yield return closing;
        }
    }

    private static IEnumerable<WireEvent> Close(PieceKind kind, int block)
    {
        if (kind == PieceKind.Reasoning)
        {
            yield return Event(
                WireEventKind.Opening, "content_block_delta", $$""","index":{{block}},"delta":{"type":"signature_delta","signature":"c2lnbmVk"}""");
        }

        yield return Event(WireEventKind.Opening, "content_block_stop", $""","index":{block}""");
    }

    private static string Empty(Answer answer, Piece piece) => piece.Kind switch
    {
        PieceKind.Reasoning => """{"type":"thinking","thinking":"","signature":""}""",
        PieceKind.Text => """{"type":"text","text":""}""",
        _ => $$$"""{"type":"tool_use","id":{{{Json.Text(answer.ToolId("toolu_", piece.Tool))}}},"name":{{{Json.Text(piece.Text)}}},"input":{}}""",
    };

    private static string Delta(Piece piece, string text) => piece.Kind switch
    {
        PieceKind.Reasoning => $$"""{"type":"thinking_delta","thinking":{{Json.Text(text)}}}""",
        PieceKind.Text => $$"""{"type":"text_delta","text":{{Json.Text(text)}}}""",
        _ => $$"""{"type":"input_json_delta","partial_json":{{Json.Text(text)}}}""",
    };

    private static IEnumerable<string> Blocks(Answer answer)
    {
        if (answer.Joined(PieceKind.Reasoning) is { Length: > 0 } thought)
        {
            yield return $$"""{"type":"thinking","thinking":{{Json.Text(thought)}},"signature":"c2lnbmVk"}""";
        }

        if (answer.Joined(PieceKind.Text) is { Length: > 0 } text)
        {
            yield return $$"""{"type":"text","text":{{Json.Text(text)}}}""";
        }

        foreach (var piece in answer.Pieces.Where(static piece => piece.Kind == PieceKind.ToolStart))
        {
            var input = answer.Joined(PieceKind.ToolArguments, piece.Tool) is { Length: > 0 } arguments && !answer.CutByCap ? arguments : "{}";
            yield return $$"""{"type":"tool_use","id":{{Json.Text(answer.ToolId("toolu_", piece.Tool))}},"name":{{Json.Text(piece.Text)}},"input":{{input}}}""";
        }
    }

    private static string Stop(Answer answer)
    {
        var reason = answer.FinishReason ?? (answer.Refuses ? "refusal" : answer.CutByCap ? "max_tokens" : answer.CallsTools ? "tool_use" : "end_turn");
        var details = answer.Refuses
            ? $$""","stop_details":{"type":"refusal","category":"cyber","explanation":{{Json.Text(answer.Joined(PieceKind.Refusal))}}}"""
            : "";
        return $""" "stop_reason":{Json.Text(reason)},"stop_sequence":null{details}""";
    }

    private static WireEvent Event(WireEventKind kind, string type, string rest, int tokens = 0) =>
        new(kind, $$"""{"type":"{{type}}"{{rest}}}""", type, tokens);

    private static string UsualType(int status) => status switch
    {
        400 => "invalid_request_error",
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        _ => "api_error",
    };
}
