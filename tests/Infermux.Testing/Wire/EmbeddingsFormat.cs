using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>OpenAI embeddings: vectors of eight numbers that depend on the input's place only, as floats or base64. Never streamed, bills its prompt.</summary>
internal sealed class EmbeddingsFormat : IWireFormat
{
    private const int Dimensions = 8;

    public WireEvent? Ping => null;

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => OpenAiReader.Embeddings(route, body);

    public string Whole(Call call, Answer answer)
    {
        var base64 = call.Body.String("encoding_format") is "base64";
        var dimensions = call.Body.Number("dimensions");
        var data = Enumerable.Range(0, call.Inputs).Select(index =>
            $$"""{"object":"embedding","index":{{index}},"embedding":{{Vector(index, dimensions, base64)}}}""");
        var usage = answer.Report == UsageReport.Absent ? "" : $""","usage":{OpenAiUsage.Prompt(answer.Told)}""";
        return $$"""{"object":"list","data":[{{string.Join(',', data)}}],"model":{{Json.Text(answer.Model)}}{{usage}}}""";
    }

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time) =>
        throw new BadCallException(400, "Embeddings do not stream.", "stream", "invalid_value");

    public string Error(int status, string? code, string message, string? param = null) => OpenAiError.Body(status, code, message, param);

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, OpenAiError.Body(500, code, message, null));

    /// <summary>The numbers of the vector of the input at this place.</summary>
    public static float[] Numbers(int index, long? dimensions) =>
        [.. Enumerable.Range(0, (int)Math.Clamp(dimensions ?? Dimensions, 1, 4096)).Select(n => (index + 1) / (float)(n + 2))];

    private static string Vector(int index, long? dimensions, bool base64)
    {
        var numbers = Numbers(index, dimensions);
        return base64
            ? Json.Text(Convert.ToBase64String(MemoryMarshal.AsBytes(numbers.AsSpan())))
            : $"[{string.Join(',', numbers.Select(static number => number.ToString("R", CultureInfo.InvariantCulture)))}]";
    }
}
