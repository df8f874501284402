using System.Text.Json;

namespace Infermux.Testing;

/// <summary>One item of a scripted response: as it is added, how its pieces are told, and as it is done.</summary>
internal sealed record ResponsesItem(string Id, string Added, string Done, string Delta, string Place, IReadOnlyList<Piece> Pieces)
{
    public bool IsCall { get; private init; }

    public int StartTokens { get; private init; }

    /// <summary>Events before the pieces, with what follows the item's id and index.</summary>
    public IReadOnlyList<(string Type, string After)> Opening { get; private init; } = [];

    /// <summary>Events after them.</summary>
    public IReadOnlyList<(string Type, string After)> Closing { get; private init; } = [];

    public static ResponsesItem Message(Answer answer)
    {
        var text = answer.Joined(PieceKind.Text);
        return Part(answer, "msg_", PieceKind.Text, "output_text", "text", $$"""{"type":"output_text","annotations":[],"logprobs":[],"text":{{Json.Text(text)}}}""", """{"type":"output_text","annotations":[],"logprobs":[],"text":""}""");
    }

    public static ResponsesItem Refusal(Answer answer)
    {
        var text = answer.Joined(PieceKind.Refusal);
        return Part(answer, "msg_", PieceKind.Refusal, "refusal", "refusal", $$"""{"type":"refusal","refusal":{{Json.Text(text)}}}""", """{"type":"refusal","refusal":""}""");
    }

    public static ResponsesItem Reasoning(Call call, Answer answer)
    {
        var id = Of("rs_", answer);
        var text = Json.Text(answer.Joined(PieceKind.Reasoning));
        var wanted = call.Body.Items("include").Any(static item => item.ValueKind == JsonValueKind.String && item.ValueEquals("reasoning.encrypted_content"));
        var opaque = wanted ? $""","encrypted_content":"{ResponsesReader.Encrypted}{answer.Id}" """.TrimEnd() : "";
        return new ResponsesItem(
            id, $$"""{"id":"{{id}}","type":"reasoning","summary":[]}""", $$"""{"id":"{{id}}","type":"reasoning","summary":[{"type":"summary_text","text":{{text}}}]{{opaque}}}""",
            "response.reasoning_summary_text.delta", ",\"summary_index\":0", [.. answer.Pieces.Where(static piece => piece.Kind == PieceKind.Reasoning)])
        {
            Opening = [("response.reasoning_summary_part.added", ""","summary_index":0,"part":{"type":"summary_text","text":""}""")],
            Closing =
            [
                ("response.reasoning_summary_text.done", $""","summary_index":0,"text":{text}"""),
                ("response.reasoning_summary_part.done", $$""","summary_index":0,"part":{"type":"summary_text","text":{{text}}}"""),
            ],
        };
    }

    public static ResponsesItem Call(Call call, Answer answer, Piece start)
    {
        var custom = call.Body.Items("tools").Any(tool => tool.String("type") is "custom" && string.Equals(tool.String("name"), start.Text, StringComparison.Ordinal));
        var (type, member, events) = custom ? ("custom_tool_call", "input", "response.custom_tool_call_input") : ("function_call", "arguments", "response.function_call_arguments");
        var id = $"{Of(custom ? "ctc_" : "fc_", answer)}_{start.Tool}";
        var text = Json.Text(answer.Joined(PieceKind.ToolArguments, start.Tool));
        string Item(string status, string said) =>
            $$"""{"id":"{{id}}","type":"{{type}}","status":"{{status}}","{{member}}":{{said}},"call_id":{{Json.Text(answer.ToolId("call_", start.Tool))}},"name":{{Json.Text(start.Text)}}}""";
        return new ResponsesItem(
            id, Item("in_progress", "\"\""), Item("completed", text), events + ".delta", "",
            [.. answer.Pieces.Where(piece => piece.Kind == PieceKind.ToolArguments && piece.Tool == start.Tool)])
        {
            IsCall = true,
            StartTokens = start.Tokens,
            Closing = [(events + ".done", $""","{member}":{text}""")],
        };
    }

    private static ResponsesItem Part(Answer answer, string prefix, PieceKind kind, string name, string member, string whole, string empty)
    {
        var id = Of(prefix, answer);
        string Item(string status, string content) => $$"""{"id":"{{id}}","type":"message","status":"{{status}}","content":[{{content}}],"role":"assistant"}""";
        return new ResponsesItem(
            id, Item("in_progress", ""), Item("completed", whole), $"response.{name}.delta", ",\"content_index\":0", [.. answer.Pieces.Where(piece => piece.Kind == kind)])
        {
            Opening = [("response.content_part.added", $""","content_index":0,"part":{empty}""")],
            Closing =
            [
                ($"response.{name}.done", $""","content_index":0,"{member}":{Json.Text(answer.Joined(kind))}"""),
                ("response.content_part.done", $""","content_index":0,"part":{whole}"""),
            ],
        };
    }

    private static string Of(string prefix, Answer answer) => prefix + answer.Id[(answer.Id.IndexOfAny(['-', '_']) + 1)..];
}
