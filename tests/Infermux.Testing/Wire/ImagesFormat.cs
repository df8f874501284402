using System.Text;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>OpenAI's images: made from a text, edited, varied. An image is a text that names its place. Each input image is 100 tokens of the prompt.</summary>
internal sealed class ImagesFormat : IWireFormat
{
    private const int TokensOfInput = 100;

    public WireEvent? Ping => null;

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => route.Kind switch
    {
        CallKind.ImageGenerations => MeteredReader.Read(route, body, ["prompt"]),
        CallKind.ImageEdits when body.Member("images") is null => MeteredReader.Read(route, body, ["prompt"], "image"),
        CallKind.ImageEdits => MeteredReader.Read(route, body, ["prompt"]),
        _ => MeteredReader.Read(route, body, [], "image"),
    };

    public string Whole(Call call, Answer answer)
    {
        var images = Enumerable.Range(0, call.Choices).Select(static index => $$"""{"b64_json":"{{Image(index)}}"}""");
        var usage = answer.Report == UsageReport.Absent ? "" : $""","usage":{Usage(call, answer)}""";
        return $$"""{"created":{{answer.Created}},"data":[{{string.Join(',', images)}}]{{usage}}}""";
    }

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time)
    {
        var prefix = call.Route.Kind == CallKind.ImageGenerations ? "image_generation" : "image_edit";
        var partials = MeteredReader.Number(call.Body, "partial_images") ?? 0;
        for (var index = 0; index < call.Choices; index++)
        {
            for (var partial = 0; partial < partials; partial++)
            {
                var name = prefix + ".partial_image";
                yield return new WireEvent(
                    WireEventKind.Content, $$"""{"type":"{{name}}","partial_image_index":{{partial}},"b64_json":"{{Image(partial)}}"}""", name);
            }

            var last = index == call.Choices - 1;
            var usage = last && answer.Report != UsageReport.Absent ? $""","usage":{Usage(call, answer)}""" : "";
            yield return new WireEvent(
                last ? WireEventKind.Terminal : WireEventKind.Content,
                $$"""{"type":"{{prefix}}.completed","b64_json":"{{Image(index)}}"{{usage}}}""",
                prefix + ".completed",
                last ? (int)answer.Usage.Output : 0);
        }
    }

    public string Error(int status, string? code, string message, string? param = null) => OpenAiError.Body(status, code, message, param);

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, OpenAiError.Body(500, code, message, null));

    private static string Usage(Call call, Answer answer) =>
        MeteredReader.Usage(answer.Told, TokensOfInput * MeteredReader.Files(call.Body, "image").Count, "image_tokens");

    private static string Image(int index) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"image {index}"));
}
