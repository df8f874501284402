using System.Text.Json;

namespace Infermux.Testing;

/// <summary>OpenAI's old text completions.</summary>
internal sealed class CompletionsFormat : IWireFormat
{
    public WireEvent? Ping => null;

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => OpenAiReader.Completion(route, body);

    public string Whole(Call call, Answer answer)
    {
        var choices = Enumerable.Range(0, call.Choices).Select(index =>
            $$"""{"text":{{Json.Text(answer.Joined(PieceKind.Text))}},"index":{{index}},"logprobs":null,"finish_reason":{{Json.Text(Finish(answer))}}}""");
        var usage = answer.Report == UsageReport.Absent ? "" : $""","usage":{OpenAiUsage.Json(answer.Told)}""";
        return $$"""{{Head(answer)}}{{string.Join(',', choices)}}]{{usage}}}""";
    }

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time)
    {
        var none = call.IncludeUsage ? ""","usage":null""" : "";
        for (var index = 0; index < call.Choices; index++)
        {
            var first = true;
            foreach (var piece in answer.Pieces.Where(static piece => piece.Kind == PieceKind.Text))
            {
                var text = Json.Text(answer.Streamed(piece, first, time));
                first = false;
                yield return new WireEvent(
                    WireEventKind.Content, $$"""{{Head(answer)}}{"text":{{text}},"index":{{index}},"logprobs":null,"finish_reason":null}]{{none}}}""", Tokens: piece.Tokens);
            }

            yield return new WireEvent(
                WireEventKind.Ending, $$"""{{Head(answer)}}{"text":"","index":{{index}},"logprobs":null,"finish_reason":{{Json.Text(Finish(answer))}}}]{{none}}}""");
        }

        if (call.IncludeUsage && answer.Report != UsageReport.Absent)
        {
            yield return new WireEvent(WireEventKind.Ending, $$"""{{Head(answer)}}],"usage":{{OpenAiUsage.Json(answer.Told)}}}""");
        }

        yield return new WireEvent(WireEventKind.Terminal, "[DONE]");
    }

    public string Error(int status, string? code, string message, string? param = null) => OpenAiError.Body(status, code, message, param);

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, OpenAiError.Body(500, code, message, null));

    private static string Head(Answer answer) =>
        $$"""{"id":{{Json.Text(answer.Id)}},"object":"text_completion","created":{{answer.Created}},"model":{{Json.Text(answer.Model)}},"choices":[""";

    private static string Finish(Answer answer) => answer.FinishReason ?? (answer.CutByCap ? "length" : "stop");
}
