using System.Text;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>AWS Bedrock's Converse and ConverseStream.</summary>
internal sealed class ConverseFormat : IWireFormat
{
    private const string Padding = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public WireEvent? Ping => null;

    public string StreamType => "application/vnd.amazon.eventstream";

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => ConverseRequests.Read(route, body, headers);

    public string Whole(Call call, Answer answer)
    {
        var usage = answer.Report == UsageReport.Absent ? "" : $""","usage":{Usage(answer.Told)}""";
        return $$$"""{"output":{"message":{"role":"assistant","content":[{{{string.Join(',', Blocks(answer))}}}]}},"stopReason":{{{Json.Text(Stop(answer))}}},"metrics":{"latencyMs":1}{{{usage}}}}""";
    }

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time)
    {
        yield return Event(WireEventKind.Opening, "messageStart", "\"role\":\"assistant\"");
        foreach (var wireEvent in BlockEvents(answer, time))
        {
            yield return wireEvent;
        }

        yield return Event(WireEventKind.Ending, "messageStop", $"\"stopReason\":{Json.Text(Stop(answer))}");
        yield return Event(WireEventKind.Terminal, "metadata", answer.Report == UsageReport.Absent ? "\"metrics\":{\"latencyMs\":1}" : $"\"usage\":{Usage(answer.Told)}");
    }

    public string Error(int status, string? code, string message, string? param = null) => $$"""{"message":{{Json.Text(message)}}}""";

    public IEnumerable<KeyValuePair<string, string>> ErrorHeaders(int status, string? code) =>
        [KeyValuePair.Create("x-amzn-errortype", $"{code ?? UsualType(status)}:http://internal.amazon.com/coral/com.amazon.coral.service/")];

    public WireEvent ErrorEvent(string? code, string message) =>
        new(WireEventKind.Ending, $$"""{"message":{{Json.Text(message)}}}""", "!" + (code ?? "serviceUnavailableException"));

    /// <summary>Exceptions go by a name that begins with an exclamation mark.</summary>
    public byte[] Frame(WireEvent wireEvent) => wireEvent.Name is ['!', .. var exception]
        ? EventFrame.Exception(exception, wireEvent.Data)
        : EventFrame.Event(wireEvent.Name ?? "", wireEvent.Data);

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
                block++;
            }

            yield return piece.Kind == PieceKind.ToolStart
                ? Event(
                    WireEventKind.Content, "contentBlockStart",
                    $$$""" "contentBlockIndex":{{{block}}},"start":{"toolUse":{"toolUseId":{{{Json.Text(answer.ToolId("tooluse_", piece.Tool))}}},"name":{{{Json.Text(piece.Text)}}}}}""", piece.Tokens)
                : Event(WireEventKind.Content, "contentBlockDelta", $$$""" "contentBlockIndex":{{{block}}},"delta":{{{Delta(piece, answer.Streamed(piece, first, time))}}}""", piece.Tokens);
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
            yield return Event(WireEventKind.Opening, "contentBlockDelta", $$$""" "contentBlockIndex":{{{block}}},"delta":{"reasoningContent":{"signature":"c2lnbmVk"}}""");
        }

        yield return Event(WireEventKind.Opening, "contentBlockStop", $"\"contentBlockIndex\":{block}");
    }

    private static string Delta(Piece piece, string text) => piece.Kind switch
    {
        PieceKind.Reasoning => $$$"""{"reasoningContent":{"text":{{{Json.Text(text)}}}}}""",
        PieceKind.Text => $$"""{"text":{{Json.Text(text)}}}""",
        _ => $$$"""{"toolUse":{"input":{{{Json.Text(text)}}}}}""",
    };

    private static IEnumerable<string> Blocks(Answer answer)
    {
        if (answer.Joined(PieceKind.Reasoning) is { Length: > 0 } thought)
        {
            yield return $$$$"""{"reasoningContent":{"reasoningText":{"text":{{{{Json.Text(thought)}}}},"signature":"c2lnbmVk"}}}""";
        }

        if (answer.Joined(PieceKind.Text) is { Length: > 0 } text)
        {
            yield return $$"""{"text":{{Json.Text(text)}}}""";
        }

        foreach (var piece in answer.Pieces.Where(static piece => piece.Kind == PieceKind.ToolStart))
        {
            var input = answer.Joined(PieceKind.ToolArguments, piece.Tool) is { Length: > 0 } arguments && !answer.CutByCap ? arguments : "{}";
            yield return $$$"""{"toolUse":{"toolUseId":{{{Json.Text(answer.ToolId("tooluse_", piece.Tool))}}},"name":{{{Json.Text(piece.Text)}}},"input":{{{input}}}}}""";
        }
    }

    private static string Stop(Answer answer) => answer.FinishReason
        ?? (answer.Refuses ? "content_filtered" : answer.CutByCap ? "max_tokens" : answer.CallsTools ? "tool_use" : "end_turn");

    // Cached tokens beside the input, and all four in the total, as Claude and Nova are counted.
    private static string Usage(TokenCount count) =>
        $$$"""{"inputTokens":{{{count.FreshInput}}},"outputTokens":{{{count.Output}}},"totalTokens":{{{count.FreshInput + count.CacheRead + count.CacheWrite + count.Output}}},"cacheReadInputTokens":{{{count.CacheRead}}},"cacheWriteInputTokens":{{{count.CacheWrite}}},"serverToolUsage":{}}""";

    private static WireEvent Event(WireEventKind kind, string type, string members, int tokens = 0) =>
        new(kind, $$"""{{{members}},"p":"{{Padding[..(1 + (members.Length % (Padding.Length - 1)))]}}"}""", type, tokens);

    private static string UsualType(int status) => status switch
    {
        400 => "ValidationException",
        401 or 403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        408 => "ModelTimeoutException",
        424 => "ModelErrorException",
        429 => "ThrottlingException",
        503 => "ServiceUnavailableException",
        _ => "InternalServerException",
    };
}
