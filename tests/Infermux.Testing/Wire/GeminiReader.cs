using System.Text;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Reads Gemini requests and refuses what Gemini refuses, so that a wrong translation is seen.</summary>
internal static class GeminiReader
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent", "serviceTier", "store",
    };

    private static readonly HashSet<string> KnownOfPredictions = new(StringComparer.Ordinal) { "instances", "parameters" };

    private static readonly HashSet<string> KnownSettings = new(StringComparer.Ordinal)
    {
        "maxOutputTokens", "temperature", "topP", "topK", "stopSequences", "seed", "presencePenalty", "frequencyPenalty", "candidateCount", "responseLogprobs", "logprobs",
        "responseMimeType", "responseJsonSchema", "responseSchema", "thinkingConfig", "responseModalities",
    };

    public static Call Content(Route route, JsonElement body, IHeaderDictionary headers)
    {
        RequireKey(headers);
        RequireKnown(body, Known, "");
        var settings = body.Member("generationConfig") ?? default;
        RequireKnown(settings, KnownSettings, "generation_config.");
        var thinking = settings.Member("thinkingConfig");
        Require(thinking?.Member("thinkingBudget") is null || thinking?.Member("thinkingLevel") is null, "You can only set only one of thinking budget and thinking level.");
        var contents = body.Items("contents").ToList();
        CheckContents(contents, route.Deployment!);
        List<JsonElement> declared = [.. body.Items("tools").SelectMany(static tool => tool.Items("functionDeclarations"))];
        var calling = body.Member("toolConfig")?.Member("functionCallingConfig");
        Require(calling is null || declared.Count > 0, "Function calling config is set without function_declarations.");
        return new Call
        {
            Route = route,
            Body = body,
            Model = route.Deployment!,
            Stream = route.Kind == CallKind.StreamGenerateContent,
            MaxTokens = settings.Number("maxOutputTokens"),
            Choices = (int)Math.Clamp(settings.Number("candidateCount") ?? 1, 1, 8),
            Prompt = Prompt(body, contents),
            Tools = [.. declared.Select(Tool)],
            ToolsForbidden = calling?.String("mode") is "NONE",
            ToolRequired = calling?.String("mode") is "ANY",
            ForcedTool = calling?.Items("allowedFunctionNames").Select(static name => name.GetString()).FirstOrDefault(),
            EndsWithToolResult = Parts(contents[^1]).Any(static part => part.Member("functionResponse") is not null),
            AnswerSchema = settings.Member("responseJsonSchema"),
            AnswerObject = settings.String("responseMimeType") is "application/json",
        };
    }

    public static Call Embedding(Route route, JsonElement body, IHeaderDictionary headers)
    {
        RequireKey(headers);
        List<JsonElement> requests = route.Kind == CallKind.BatchEmbedContents ? [.. body.Items("requests")] : [body];
        Require(requests.Count is > 0 and <= 100, "BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch");
        Require(
            route.Kind == CallKind.EmbedContent || requests.TrueForAll(request => request.String("model") == $"models/{route.Deployment}"), "EmbedContentRequest.model: unexpected model name format");
        Require(requests.TrueForAll(static request => Parts(request.Member("content") ?? default).Any()), "content is empty");
        return new Call
        {
            Route = route,
            Body = body,
            Model = route.Deployment!,
            Prompt = string.Join('\n', requests.SelectMany(static request => Parts(request.Member("content") ?? default)).Select(static part => part.String("text"))),
            Inputs = requests.Count,
        };
    }

    public static Call Prediction(Route route, JsonElement body, IHeaderDictionary headers)
    {
        RequireKey(headers);
        RequireKnown(body, KnownOfPredictions, "");
        List<string?> texts = [.. body.Items("instances").Select(static instance => instance.String("content"))];
        Require(texts.Count is > 0 and <= 250, $"{texts.Count} instance(s) is not allowed. Max allowed is 250.");
        Require(texts.TrueForAll(static text => !string.IsNullOrEmpty(text)), "The text content is empty.");
        return new Call { Route = route, Body = body, Model = route.Deployment!, Prompt = string.Join('\n', texts), Inputs = texts.Count };
    }

    private static void CheckContents(List<JsonElement> contents, string model)
    {
        Require(contents.Count > 0, "contents is not specified");
        Require(contents[0].String("role") is "user", "Please ensure that multiturn requests start with a user turn.");
        Require(contents[^1].String("role") is "user", "Please ensure that multiturn requests end with a user role or a function response.");
        var current = contents.FindLastIndex(static content => content.String("role") is "user" && !Parts(content).Any(static part => part.Member("functionResponse") is not null));
        for (var i = 0; i < contents.Count; i++)
        {
            Require(contents[i].String("role") is "user" or "model", "Please use a valid role: user, model.");
            var parts = Parts(contents[i]).ToList();
            Require(parts.Count > 0, "contents.parts must not be empty.");
            Require(
                parts.TrueForAll(static part => part.String("text") is not "" || part.String("thoughtSignature") is not null), "Unable to submit request because it has an empty text parameter.");
            CheckCalls(contents, i, parts);
            if (i > current && GeminiSignature.IsUsedBy(model))
            {
                CheckSignature(parts, model);
            }
        }
    }

    // The results of a turn's calls are the next content, all of them and nothing else, by the functions' names.
    private static void CheckCalls(List<JsonElement> contents, int at, List<JsonElement> parts)
    {
        List<string> results = [.. Names(parts, "functionResponse")];
        Require(results.Count == 0 || results.Count == parts.Count, "Function response parts must not be mixed with other parts.");
        List<string> calls = at == 0 ? [] : [.. Names([.. Parts(contents[at - 1])], "functionCall")];
        Require(calls.SequenceEqual(results, StringComparer.Ordinal), "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.");
        Require(
            parts.TrueForAll(static part => part.Member("functionResponse") is not { } result || result.Member("response") is { ValueKind: JsonValueKind.Object }), "functionResponse.response: Proto field is not repeating");
        Require(parts.TrueForAll(static part => part.Member("functionCall") is not { } call || call.Member("args") is { ValueKind: JsonValueKind.Object }), "functionCall.args: must be an object");
        Require(at < contents.Count - 1 || !Names(parts, "functionCall").Any(), "Please ensure that function call turn is followed by a function response turn.");
    }

    private static void CheckSignature(List<JsonElement> parts, string model)
    {
        if (parts.Find(static part => part.Member("functionCall") is not null) is not { ValueKind: JsonValueKind.Object } first)
        {
            return;
        }

        var signature = first.String("thoughtSignature");
        Require(signature is not null, "Function call is missing a thought_signature in functionCall parts.");
        Require(signature is GeminiSignature.Skip || signature == GeminiSignature.Of(model, first.Member("functionCall")!.Value.String("name")!), "Thought signature is not valid.");
    }

    private static IEnumerable<string> Names(List<JsonElement> parts, string member) =>
        parts.Select(part => part.Member(member)?.String("name")).OfType<string>();

    private static OfferedTool Tool(JsonElement declared)
    {
        Require(declared.Member("parameters") is null || declared.Member("parametersJsonSchema") is null, "parameters and parametersJsonSchema are mutually exclusive.");
        return new OfferedTool(declared.String("name") ?? throw Bad("function_declarations.name: is required"), declared.Member("parametersJsonSchema") ?? declared.Member("parameters") ?? default);
    }

    private static IEnumerable<JsonElement> Parts(JsonElement content) => content.Items("parts");

    private static string Prompt(JsonElement body, List<JsonElement> contents)
    {
        var text = new StringBuilder();
        foreach (var part in Parts(body.Member("systemInstruction") ?? default).Concat(contents.SelectMany(Parts)))
        {
            text.Append(part.String("text") ?? part.Member("functionResponse")?.Member("response")?.GetRawText()).Append('\n');
        }

        return text.ToString();
    }

    private static void RequireKey(IHeaderDictionary headers)
    {
        if (InboundReader.Credential(headers) is null)
        {
            throw new BadCallException(403, "Method doesn't allow unregistered callers.");
        }
    }

    private static void RequireKnown(JsonElement element, HashSet<string> known, string path)
    {
        foreach (var member in element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().Where(member => !known.Contains(member.Name)) : [])
        {
            throw Bad($"Invalid JSON payload received. Unknown name \"{path}{member.Name}\": Cannot find field.");
        }
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw Bad(message);
        }
    }

    private static BadCallException Bad(string message) => new(400, message);
}
