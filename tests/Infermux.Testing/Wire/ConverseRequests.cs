using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Infermux.Testing;

/// <summary>Reads Converse requests and refuses what Bedrock refuses, so that a wrong translation is seen.</summary>
internal static partial class ConverseRequests
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields", "promptVariables",
        "additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig", "serviceTier", "outputConfig",
    };

    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "text", "image", "document", "toolUse", "toolResult", "reasoningContent", "cachePoint",
    };

    public static Call Read(Route route, JsonElement body, IHeaderDictionary headers)
    {
        if (string.IsNullOrEmpty(headers.Authorization.ToString()))
        {
            throw new BadCallException(403, "Missing Authentication Token", code: "MissingAuthenticationTokenException");
        }

        var messages = body.Items("messages").ToList();
        foreach (var unknown in body.EnumerateObject().Where(static member => !Known.Contains(member.Name)))
        {
            throw Bad($"Malformed input request: extraneous key [{unknown.Name}] is not permitted");
        }

        Require(messages.Count > 0, "A conversation must have at least one message");
        var inference = body.Member("inferenceConfig");
        Require(inference?.Member("temperature") is not { } temperature || temperature.GetDouble() is >= 0 and <= 1, "temperature must be at most 1");
        Require(inference?.Member("maxTokens") is not { } cap || cap.GetInt64() >= 1, "maxTokens must be at least 1");
        CheckMessages(messages, body.Member("toolConfig"));
        var choice = body.Member("toolConfig")?.Member("toolChoice");
        return new Call
        {
            Route = route,
            Body = body,
            Model = route.Deployment!,
            Stream = route.Kind == CallKind.ConverseStream,
            IncludeUsage = true,
            MaxTokens = inference?.Number("maxTokens"),
            Prompt = Prompt(body, messages),
            Tools = [.. Tools(body.Member("toolConfig"))],
            ToolRequired = choice?.Member("any") is not null || choice?.Member("tool") is not null,
            ForcedTool = choice?.Member("tool")?.String("name"),
            EndsWithToolResult = messages[^1].Items("content").Any(static block => block.Member("toolResult") is not null),
            AnswerSchema = Schema(body),
        };
    }

    private static void CheckMessages(List<JsonElement> messages, JsonElement? tools)
    {
        Require(messages[0].String("role") is "user", "A conversation must start with a user message");
        for (var i = 0; i < messages.Count; i++)
        {
            Require(messages[i].String("role") is "user" or "assistant", $"messages.{i}.role");
            Require(i == 0 || messages[i].String("role") != messages[i - 1].String("role"), "A conversation must alternate between user and assistant roles");
            var blocks = messages[i].Items("content").ToList();
            Require(blocks.Count > 0, $"The content field in the Message object at messages.{i} is empty");
            blocks.ForEach(CheckBlock);
            Require(
                !blocks.Exists(static block => block.Member("document") is not null) || blocks.Exists(static block => block.Member("text") is not null),
                "A text block must be present where there is a document");
            CheckTools(messages, i, blocks);
        }

        var uses = messages.SelectMany(static message => message.Items("content")).Any(static block => block.Member("toolUse") is not null);
        Require(!uses || tools?.Items("tools").Any() == true, "The toolConfig field must be defined when using toolUse and toolResult content blocks");
    }

    private static void CheckBlock(JsonElement block)
    {
        var members = block.EnumerateObject().Select(static member => member.Name).ToList();
        Require(members is [var only] && Blocks.Contains(only), $"A content block is a union of one member, not '{string.Join(", ", members)}'");
        Require(block.Member("text") is not { } text || !string.IsNullOrWhiteSpace(text.GetString()), "The text field in the ContentBlock object is blank");
        Require(block.Member("document") is not { } document || DocumentName().IsMatch(document.String("name") ?? ""), "The provided document name is not valid");
        foreach (var media in new[] { block.Member("image"), block.Member("document") }.OfType<JsonElement>())
        {
            Require(media.Member("source")?.Member("bytes") is not null && media.String("format") is not null, "source.bytes and format are required");
        }
    }

    private static void CheckTools(List<JsonElement> messages, int at, List<JsonElement> blocks)
    {
        var results = Ids(blocks, "toolResult");
        var calls = at == 0 ? [] : Ids([.. messages[at - 1].Items("content")], "toolUse");
        Require(calls.TrueForAll(results.Contains), $"Expected toolResult blocks at messages.{at}.content for the ids of messages.{at - 1}");
        Require(results.TrueForAll(calls.Contains), $"The number of toolResult blocks at messages.{at}.content exceeds the number of toolUse blocks of previous turn");
        Require(results.Distinct(StringComparer.Ordinal).Count() == results.Count, "The toolResult blocks contain duplicate ids");
        foreach (var use in blocks.Select(static block => block.Member("toolUse")).OfType<JsonElement>())
        {
            Require(Id().IsMatch(use.String("toolUseId") ?? ""), "toolUseId must satisfy the pattern [a-zA-Z0-9_-]{1,64}");
            Require(use.Member("input") is { ValueKind: JsonValueKind.Object }, "The format of the value at toolUse.input is invalid. Provide a json object");
            Require(at < messages.Count - 1, "toolUse without toolResult");
        }
    }

    private static List<string> Ids(List<JsonElement> blocks, string kind) =>
        [.. blocks.Select(block => block.Member(kind)).OfType<JsonElement>().Select(static block => block.String("toolUseId") ?? "")];

    private static IEnumerable<OfferedTool> Tools(JsonElement? config)
    {
        foreach (var tool in config?.Items("tools") ?? [])
        {
            if (tool.Member("cachePoint") is null)
            {
                var spec = tool.Member("toolSpec") ?? throw Bad("toolConfig.tools: toolSpec is required");
                var schema = spec.Member("inputSchema")?.Member("json") ?? throw Bad("toolSpec.inputSchema.json is required");
                Require(schema.String("type") is "object", "The top level schema type must be object");
                Require(spec.Member("description") is not { } description || description.GetString()!.Length > 0, "description: minimum length is 1");
                yield return new OfferedTool(spec.String("name") ?? throw Bad("toolSpec.name is required"), schema);
            }
        }
    }

    private static JsonElement? Schema(JsonElement body)
    {
        if (body.Member("outputConfig")?.Member("textFormat") is not { } format)
        {
            return null;
        }

        Require(format.String("type") is "json_schema", "outputConfig.textFormat.type");
        var text = format.Member("structure")?.Member("jsonSchema")?.String("schema") ?? throw Bad("jsonSchema.schema must be a string");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static string Prompt(JsonElement body, List<JsonElement> messages)
    {
        var text = new StringBuilder();
        foreach (var block in body.Items("system").Concat(messages.SelectMany(static message => message.Items("content"))))
        {
            text.AppendLine(block.String("text"));
            foreach (var inner in block.Member("toolResult")?.Items("content") ?? [])
            {
                text.AppendLine(inner.String("text"));
            }
        }

        return text.ToString();
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw Bad(message);
        }
    }

    private static BadCallException Bad(string message) => new(400, message, code: "ValidationException");

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"^(?!.*  )[a-zA-Z0-9 \-()\[\]]{1,200}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DocumentName();
}
