using System.Text.Json;

namespace Infermux.Testing;

/// <summary>
/// Moderations as OpenAI has them, and ranking as Cohere (models named <c>rerank…</c>, which tell search units) and as Jina and vLLM have it, which tell tokens.
/// Documents rank in their order. Neither streams.
/// </summary>
internal sealed class JudgementsFormat : IWireFormat
{
    public WireEvent? Ping => null;

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => route.Kind == CallKind.Moderations
        ? MeteredReader.Read(route, body, ["input"])
        : MeteredReader.Read(route, body, ["query", "documents"]);

    public string Whole(Call call, Answer answer) => call.Route.Kind == CallKind.Moderations ? Moderation(call, answer) : Ranking(call, answer);

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time) => throw new BadCallException(400, "This does not stream.", "stream", "invalid_value");

    public string Error(int status, string? code, string message, string? param = null) => OpenAiError.Body(status, code, message, param);

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, OpenAiError.Body(500, code, message, null));

    private static string Moderation(Call call, Answer answer)
    {
        var flagged = call.Prompt.Contains("harm", StringComparison.Ordinal) ? "true" : "false";
        return $$$"""{"id":{{{Json.Text(answer.Id)}}},"model":{{{Json.Text(answer.Model)}}},"results":[{"flagged":{{{flagged}}},"categories":{"violence":{{{flagged}}}},"category_scores":{"violence":0.5}}]}""";
    }

    private static string Ranking(Call call, Answer answer)
    {
        var documents = call.Body.Items("documents").Count();
        var results = Enumerable.Range(0, (int)Math.Min(documents, call.Body.Number("top_n") ?? documents))
            .Select(static index => $$"""{"index":{{index}},"relevance_score":0.5}""");
        var cohere = call.Model.StartsWith("rerank", StringComparison.Ordinal);
        var told = answer.Report == UsageReport.Absent ? ""
            : cohere ? $$$""","meta":{"api_version":{"version":"2"},"billed_units":{"search_units":{{{(documents + 99) / 100}}}}}"""
            : $$""","usage":{"total_tokens":{{answer.Told.Prompt}}}""";
        return $$"""{"id":{{Json.Text(answer.Id)}},"model":{{Json.Text(answer.Model)}},"results":[{{string.Join(',', results)}}]{{told}}}""";
    }
}
