using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Infermux.Testing;

/// <summary>Reads OpenAI requests and refuses what OpenAI refuses.</summary>
internal static partial class OpenAiReader
{
    public static Call Chat(Route route, JsonElement body)
    {
        var messages = body.Items("messages").ToList();
        if (messages.Count == 0)
        {
            throw new BadCallException(400, "Invalid 'messages': empty array. Expected an array with minimum length 1.", "messages", "empty_array");
        }

        if (body.Member("max_tokens") is not null && body.Member("max_completion_tokens") is not null)
        {
            throw new BadCallException(400, "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", "max_tokens", "invalid_value");
        }

        RefuseTools(body);
        var choice = body.Member("tool_choice");
        var format = body.Member("response_format") ?? default;
        return Basics(route, body) with
        {
            Prompt = Prompt(messages),
            Tools = [.. body.Items("tools").Select(static tool => tool.Member("function") ?? default).Select(static function =>
                new OfferedTool(function.String("name") ?? "", function.Member("parameters") ?? default))],
            ToolsForbidden = choice is { ValueKind: JsonValueKind.String } none && none.ValueEquals("none"),
            ToolRequired = choice is { ValueKind: JsonValueKind.Object } || (choice is { ValueKind: JsonValueKind.String } required && required.ValueEquals("required")),
            ForcedTool = choice?.Member("function")?.String("name"),
            EndsWithToolResult = messages[^1].String("role") is "tool",
            AnswerSchema = format.Member("json_schema")?.Member("schema"),
            AnswerObject = format.String("type") is "json_object",
        };
    }

    /// <summary>The newer models take tools here with no reasoning only, the newest not at all.</summary>
    private static void RefuseTools(JsonElement body)
    {
        var model = body.String("model") ?? "";
        if (body.Items("tools").Any() && (NoTools().IsMatch(model) || (ToolsWithoutReasoning().IsMatch(model) && body.String("reasoning_effort") is not "none")))
        {
            throw new BadCallException(
                400,
                $"Function tools with reasoning_effort are not supported for {model} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
                "reasoning_effort");
        }
    }

    [GeneratedRegex(@"^gpt-(6-astra|6\.[1-9])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NoTools();

    [GeneratedRegex(@"^gpt-(5\.6|6-)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ToolsWithoutReasoning();

    public static Call Completion(Route route, JsonElement body) => Basics(route, body) with { Prompt = Text(body.Member("prompt") ?? default) };

    public static Call Embeddings(Route route, JsonElement body) => body.Member("input") is { } input
        ? Basics(route, body) with { Prompt = Text(input), Inputs = InputCount(input) }
        : throw new BadCallException(400, "You must provide an 'input'.", "input", "missing_required_parameter");

    public static Call Basics(Route route, JsonElement body)
    {
        var model = body.String("model") ?? route.Deployment
            ?? throw new BadCallException(400, "you must provide a model parameter", "model", "missing_required_parameter");
        var stream = body.Flag("stream");
        if (!stream && body.Member("stream_options") is not null)
        {
            throw new BadCallException(400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options", "invalid_value");
        }

        return new Call
        {
            Route = route,
            Body = body,
            Model = model,
            Stream = stream,
            IncludeUsage = body.Member("stream_options")?.Flag("include_usage") ?? false,
            MaxTokens = body.Number("max_completion_tokens") ?? body.Number("max_tokens"),
            Choices = (int)Math.Clamp(body.Number("n") ?? 1, 1, 128),
        };
    }

    // One input: a text or a list of token ids. Several: a list of texts or of such lists.
    private static int InputCount(JsonElement input) =>
        input.ValueKind != JsonValueKind.Array || (input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number) ? 1 : input.GetArrayLength();

    private static string Prompt(IEnumerable<JsonElement> messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages)
        {
            text.Append(Text(message.Member("content") ?? default)).Append('\n');
        }

        return text.ToString();
    }

    public static string Text(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select(Text)),
        JsonValueKind.Object => content.String("text") ?? "",
        _ => "",
    };
}
