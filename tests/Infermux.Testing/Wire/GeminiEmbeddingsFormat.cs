using System.Globalization;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Google's embedContent and batchEmbedContents: vectors that depend on the input's place only. Never streamed, bills its prompt.</summary>
internal sealed class GeminiEmbeddingsFormat : IWireFormat
{
    public WireEvent? Ping => null;

    public BadCallException WrongKey() => new(400, "API key not valid. Please pass a valid API key.", code: GeminiError.BadKey);

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => GeminiReader.Embedding(route, body, headers);

    public string Whole(Call call, Answer answer)
    {
        var usage = answer.Report == UsageReport.Absent ? "" : $$""","usageMetadata":{"promptTokenCount":{{answer.Told.Prompt}}}""";
        return call.Route.Kind == CallKind.EmbedContent
            ? $$"""{"embedding":{{Vector(0, call.Body)}}{{usage}}}"""
            : $$"""{"embeddings":[{{string.Join(',', call.Body.Items("requests").Select(static (request, index) => Vector(index, request)))}}]{{usage}}}""";
    }

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time) => throw new BadCallException(400, "Embeddings do not stream.");

    public string Error(int status, string? code, string message, string? param = null) => GeminiError.Body(status, code, message);

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, GeminiError.Body(503, code, message));

    private static string Vector(int index, JsonElement request)
    {
        var numbers = EmbeddingsFormat.Numbers(index, request.Member("embedContentConfig")?.Number("outputDimensionality"));
        return $$"""{"values":[{{string.Join(',', numbers.Select(static number => number.ToString("R", CultureInfo.InvariantCulture)))}}]}""";
    }
}
