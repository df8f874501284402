namespace Infermux.Testing;

/// <summary>A path understood. Strict, as the real servers are: a wrong path is a 404 and not a guess.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Azure">Whether it is one of Azure's forms.</param>
/// <param name="Deployment">The deployment of Azure's classic form, the model of Gemini's and Bedrock's; null: another form.</param>
internal sealed record Route(CallKind Kind, bool Azure = false, string? Deployment = null)
{
    private const string Classic = "/openai/deployments/";
    private const string AzureV1 = "/openai/v1/";
    private const string Gemini = "/v1beta/";
    private const string Bedrock = "/model/";

    public static Route Of(string path, string? apiVersion, string? alt)
    {
        if (path.StartsWith(Classic, StringComparison.Ordinal))
        {
            var rest = path[Classic.Length..];
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            return slash <= 0 || string.IsNullOrEmpty(apiVersion)
                ? new Route(CallKind.Unknown, Azure: true)
                : new Route(OpenAi(rest[(slash + 1)..]), Azure: true, rest[..slash]);
        }

        return path switch
        {
            _ when VertexRest(path) is { } rest => OfVertex(rest, alt),
            _ when path.StartsWith(Gemini, StringComparison.Ordinal) => OfGemini(path[Gemini.Length..], alt),
            _ when path.StartsWith(Bedrock, StringComparison.Ordinal) => OfBedrock(path[Bedrock.Length..]),
            _ when path.StartsWith(AzureV1, StringComparison.Ordinal) => new Route(OpenAi(path[AzureV1.Length..]), Azure: true),
            "/openai/models" when !string.IsNullOrEmpty(apiVersion) => new Route(CallKind.Models, Azure: true),
            "/openai/deployments" when !string.IsNullOrEmpty(apiVersion) => new Route(CallKind.Models, Azure: true),
            "/v1/messages" => new Route(CallKind.Messages),
            "/v1/messages/count_tokens" => new Route(CallKind.CountTokens),
            "/api/tags" => new Route(CallKind.OllamaTags),
            "/_script" or "/_script/requests" or "/_script/listing" => new Route(CallKind.Script),
            _ when path.StartsWith("/v1/", StringComparison.Ordinal) => new Route(OpenAi(path["/v1/".Length..])),
            _ => new Route(CallKind.Unknown),
        };
    }

    // A stream without alt=sse would come as one JSON array; nobody here asks for that.
    private static Route OfGemini(string rest, string? alt)
    {
        var colon = rest.LastIndexOf(':');
        return rest is "models" ? new Route(CallKind.GeminiModels)
            : rest.StartsWith("openai/", StringComparison.Ordinal) ? new Route(OpenAi(rest["openai/".Length..]))
            : colon < 0 || !rest.StartsWith("models/", StringComparison.Ordinal) ? new Route(CallKind.Unknown)
            : new Route(
                rest[(colon + 1)..] switch
                {
                    "generateContent" => CallKind.GenerateContent,
                    "streamGenerateContent" when alt is "sse" => CallKind.StreamGenerateContent,
                    "embedContent" => CallKind.EmbedContent,
                    "batchEmbedContents" => CallKind.BatchEmbedContents,
                    _ => CallKind.Unknown,
                },
                Deployment: rest["models/".Length..colon]);
    }

    // projects/P/locations/L/publishers/google/models/… of a version, in express mode without the project; null: another path.
    private static string? VertexRest(string path) => path.Split('/') switch
    {
        ["", "v1" or "v1beta1", "projects", { Length: > 0 }, "locations", { Length: > 0 }, "publishers", "google", "models", var call] => "models/" + call,
        ["", "v1" or "v1beta1", "publishers", "google", "models", var call] => "models/" + call,
        _ => null,
    };

    private static Route OfVertex(string rest, string? alt) => rest.Split(':') switch
    {
        [var model, "predict"] => new Route(CallKind.Predict, Deployment: model["models/".Length..]),
        [_, "batchEmbedContents"] => new Route(CallKind.Unknown), // the Gemini API's alone
        _ => OfGemini(rest, alt),
    };

    // The server has unescaped all but the slashes of an ARN.
    private static Route OfBedrock(string rest) => rest.Split('/') switch
    {
        [{ Length: > 0 } model, "converse"] => new Route(CallKind.Converse, Deployment: Uri.UnescapeDataString(model)),
        [{ Length: > 0 } model, "converse-stream"] => new Route(CallKind.ConverseStream, Deployment: Uri.UnescapeDataString(model)),
        _ => new Route(CallKind.Unknown),
    };

    private static CallKind OpenAi(string operation) => operation switch
    {
        "chat/completions" => CallKind.ChatCompletions,
        "completions" => CallKind.Completions,
        "embeddings" => CallKind.Embeddings,
        "responses" => CallKind.Responses,
        "images/generations" => CallKind.ImageGenerations,
        "images/edits" => CallKind.ImageEdits,
        "images/variations" => CallKind.ImageVariations,
        "audio/speech" => CallKind.Speech,
        "audio/transcriptions" => CallKind.Transcriptions,
        "audio/translations" => CallKind.Translations,
        "moderations" => CallKind.Moderations,
        "rerank" => CallKind.Rerank,
        "models" => CallKind.Models,
        _ => CallKind.Unknown,
    };
}
