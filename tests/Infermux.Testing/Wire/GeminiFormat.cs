using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Google's generateContent: calls come whole, usage runs along in every chunk, and the last chunk has the reason to finish.</summary>
internal sealed class GeminiFormat : IWireFormat
{
    public WireEvent? Ping => null;

    public BadCallException WrongKey() => new(400, "API key not valid. Please pass a valid API key.", code: GeminiError.BadKey);

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => GeminiReader.Content(route, body, headers);

    public string Whole(Call call, Answer answer)
    {
        var parts = string.Join(',', Pieces(answer, null).Select(static piece => piece.Part).Concat(Closing(answer)));
        var content = parts.Length > 0 ? $$"""{"parts":[{{parts}}],"role":"model"}""" : """{"role":"model"}""";
        var candidates = Enumerable.Range(0, call.Choices).Select(index => $$"""{"content":{{content}},{{Finish(answer)}},"index":{{index}}}""");
        var usage = answer.Report == UsageReport.Absent ? "" : $",\"usageMetadata\":{GeminiUsage.Json(answer.Told)}";
        return $$"""{"candidates":[{{string.Join(',', candidates)}}]{{usage}},{{Tail(answer)}}}""";
    }

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time)
    {
        var running = answer.Usage with { Output = 0, Reasoning = 0 };
        for (var index = 0; index < call.Choices; index++)
        {
            foreach (var (part, tokens, isThought) in Pieces(answer, time))
            {
                running = running with { Output = running.Output + tokens, Reasoning = running.Reasoning + (isThought ? tokens : 0) };
                var usage = answer.Report is UsageReport.True or UsageReport.InEveryChunk ? $",\"usageMetadata\":{GeminiUsage.Json(running)}" : "";
                yield return new WireEvent(
                    WireEventKind.Content, $$"""{"candidates":[{"content":{"parts":[{{part}}],"role":"model"},"index":{{index}}}]{{usage}},{{Tail(answer)}}}""", Tokens: tokens);
            }

            var last = index == call.Choices - 1;
            var told = answer.Report == UsageReport.Absent || !last ? "" : $",\"usageMetadata\":{GeminiUsage.Json(answer.Told)}";
            var closing = string.Join(',', Closing(answer).DefaultIfEmpty("""{"text":""}"""));
            yield return new WireEvent(
                last ? WireEventKind.Terminal : WireEventKind.Ending,
                $$"""{"candidates":[{"content":{"parts":[{{closing}}],"role":"model"},{{Finish(answer)}},"index":{{index}}}]{{told}},{{Tail(answer)}}}""");
        }
    }

    public string Error(int status, string? code, string message, string? param = null) => GeminiError.Body(status, code, message);

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, GeminiError.Body(503, code, message));

    // A call comes in one piece, with all its tokens; one that the cap cut short does not come.
    private static IEnumerable<(string Part, int Tokens, bool IsThought)> Pieces(Answer answer, TimeProvider? time)
    {
        var first = true;
        foreach (var piece in answer.Pieces.Where(static piece => piece.Kind is PieceKind.Text or PieceKind.Reasoning or PieceKind.ToolStart))
        {
            var text = time is null ? piece.Text : answer.Streamed(piece, first, time);
            first = false;
            yield return piece.Kind switch
            {
                PieceKind.Reasoning => ($$"""{"text":{{Json.Text(text)}},"thought":true}""", piece.Tokens, true),
                PieceKind.Text => ($$"""{"text":{{Json.Text(text)}}}""", piece.Tokens, false),
                _ => (Call(answer, piece), piece.Tokens + answer.Pieces.Where(other => other.Kind == PieceKind.ToolArguments && other.Tool == piece.Tool).Sum(static other => other.Tokens), false),
            };
        }
    }

    private static string Call(Answer answer, Piece piece)
    {
        var arguments = answer.Joined(PieceKind.ToolArguments, piece.Tool) is { Length: > 0 } written && !answer.CutByCap ? written : "{}";
        var signature = piece.Tool == 0 && GeminiSignature.IsUsedBy(answer.Model) ? $",\"thoughtSignature\":{Json.Text(GeminiSignature.Of(answer.Model, piece.Text))}" : "";
        return $$$"""{"functionCall":{"name":{{{Json.Text(piece.Text)}}},"args":{{{arguments}}}}{{{signature}}}}""";
    }

    private static IEnumerable<string> Closing(Answer answer)
    {
        if (!answer.CallsTools && GeminiSignature.IsUsedBy(answer.Model))
        {
            yield return $$"""{"text":"","thoughtSignature":{{Json.Text(GeminiSignature.Of(answer.Model, "text"))}}}""";
        }
    }

    private static string Finish(Answer answer)
    {
        var reason = answer.FinishReason ?? (answer.Refuses ? "SAFETY" : answer.CutByCap ? "MAX_TOKENS" : "STOP");
        var message = answer.Refuses ? $",\"finishMessage\":{Json.Text(answer.Joined(PieceKind.Refusal))}" : "";
        return $"\"finishReason\":{Json.Text(reason)}{message}";
    }

    private static string Tail(Answer answer) => $"\"modelVersion\":{Json.Text(answer.Model)},\"responseId\":{Json.Text(answer.Id)}";
}
