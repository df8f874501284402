using System.Globalization;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Reads the requests of OpenAI's paths beside chat, from JSON and from forms, whose values are all text.</summary>
internal static class MeteredReader
{
    public static Call Read(Route route, JsonElement body, string[] needed, string? file = null)
    {
        var model = body.String("model") ?? route.Deployment ?? throw new BadCallException(400, "you must provide a model parameter");
        foreach (var field in needed)
        {
            _ = body.Member(field) ?? throw new BadCallException(400, $"Missing required parameter: '{field}'.", field);
        }

        if (file is not null && Files(body, file).Count == 0)
        {
            throw new BadCallException(400, $"Missing required parameter: '{file}'.", file);
        }

        return new Call
        {
            Route = route,
            Body = body,
            Model = model,
            Stream = body.Flag("stream") || body.String("stream") is "true" || body.String("stream_format") is "sse",
            Choices = (int)(Number(body, "n") ?? 1),
            Prompt = body.String("prompt") ?? body.String("input") ?? body.String("query") ?? "",
        };
    }

    /// <summary>A number of JSON, or its text in a form.</summary>
    public static long? Number(JsonElement body, string name) =>
        body.Number(name) ?? (long.TryParse(body.String(name), CultureInfo.InvariantCulture, out var number) ? number : null);

    /// <summary>Lengths of the files of a field, <c>image</c> and <c>image[]</c> alike.</summary>
    public static IReadOnlyList<long> Files(JsonElement body, string field) =>
        [.. body.Items("files").Where(file => file.String("field")?.TrimEnd('[', ']') == field).Select(static file => file.Number("length")!.Value)];

    /// <summary>Tokens as these paths tell them, of which <paramref name="media"/> are images or sound, told as <paramref name="kind"/>.</summary>
    public static string Usage(TokenCount told, long media, string kind, string type = "")
    {
        var ofMedia = Math.Min(media, told.Prompt);
        var details = kind is "image_tokens" ? "input_tokens_details" : "input_token_details";
        return $$$"""{{{{type}}}"input_tokens":{{{told.Prompt}}},"output_tokens":{{{told.Output}}},"total_tokens":{{{told.Prompt + told.Output}}},"{{{details}}}":{"text_tokens":{{{told.Prompt - ofMedia}}},"{{{kind}}}":{{{ofMedia}}}}}""";
    }
}
