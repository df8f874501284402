using System.Globalization;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Google's embedContent and batchEmbedContents, and Vertex's predict: vectors that depend on the input's place only. Never streamed, bills its prompt.</summary>
internal sealed class GeminiEmbeddingsFormat : IWireFormat
{
    public WireEvent? Ping => null;

    public BadCallException WrongKey() => new(400, "API key not valid. Please pass a valid API key.", code: GeminiError.BadKey);

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) =>
        route.Kind == CallKind.Predict ? GeminiReader.Prediction(route, body, headers) : GeminiReader.Embedding(route, body, headers);

    public string Whole(Call call, Answer answer)
    {
        if (call.Route.Kind == CallKind.Predict)
        {
            return Predictions(call, answer);
        }

        var usage = answer.Report == UsageReport.Absent ? "" : $$""","usageMetadata":{"promptTokenCount":{{answer.Told.Prompt}}}""";
        return call.Route.Kind == CallKind.EmbedContent
            ? $$"""{"embedding":{{Vector(0, call.Body)}}{{usage}}}"""
            : $$"""{"embeddings":[{{string.Join(',', call.Body.Items("requests").Select(static (request, index) => Vector(index, request)))}}]{{usage}}}""";
    }

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time) => throw new BadCallException(400, "Embeddings do not stream.");

    public string Error(int status, string? code, string message, string? param = null) => GeminiError.Body(status, code, message);

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, GeminiError.Body(503, code, message));

    // The first text is told all the tokens, so that the sum is what is billed.
    private static string Predictions(Call call, Answer answer)
    {
        var length = call.Body.Member("parameters")?.Number("outputDimensionality");
        var each = call.Body.Items("instances").Select((_, index) =>
            $$$"""{"embeddings":{"statistics":{"truncated":false,"token_count":{{{(index == 0 ? answer.Told.Prompt : 0)}}}},"values":[{{{Numbers(index, length)}}}]}}""");
        return $$"""{"predictions":[{{string.Join(',', each)}}]}""";
    }

    private static string Vector(int index, JsonElement request) =>
        $$"""{"values":[{{Numbers(index, request.Member("embedContentConfig")?.Number("outputDimensionality"))}}]}""";

    private static string Numbers(int index, long? length) =>
        string.Join(',', EmbeddingsFormat.Numbers(index, length).Select(static number => number.ToString("R", CultureInfo.InvariantCulture)));
}
