using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Infermux.Testing;

/// <summary>Reads Anthropic requests and refuses what Anthropic refuses, so that a wrong translation is seen.</summary>
internal static partial class AnthropicReader
{
    /// <summary>What this provider signs its thinking with.</summary>
    public const string Signature = "c2lnbmVk";

    public static Call Messages(Route route, JsonElement body, IHeaderDictionary headers)
    {
        Require(headers.ContainsKey("anthropic-version"), "anthropic-version: header is required");
        if (InboundReader.Credential(headers) is null)
        {
            throw new BadCallException(401, "x-api-key header is required");
        }

        var messages = body.Items("messages").ToList();
        var counting = route.Kind == CallKind.CountTokens;
        Require(counting || body.Number("max_tokens") >= 1, "max_tokens: Field required");
        Require(body.String("model") is not null, "model: Field required");
        Require(messages.Count > 0, "messages: at least one message is required");
        var betas = headers["anthropic-beta"].SelectMany(static value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
        Require(betas.TrueForAll(static beta => BetaPattern().IsMatch(beta)), "Unexpected value(s) for the `anthropic-beta` header");
        foreach (var unknown in body.EnumerateObject().Where(member => !Known.Contains(member.Name) && !IsBeta(member.Name, betas)))
        {
            throw Bad($"{unknown.Name}: Extra inputs are not permitted");
        }

        Require(body.Member("temperature") is not { } temperature || temperature.GetDouble() is >= 0 and <= 1, "temperature: range: 0..1");
        CheckMessages(messages);
        CheckThinking(body, messages);
        var choice = body.Member("tool_choice");
        Require(choice is null || body.Items("tools").Any(), "tool_choice may only be specified while providing tools");
        return new Call
        {
            Route = route,
            Body = body,
            Model = body.String("model")!,
            Stream = body.Flag("stream"),
            MaxTokens = body.Number("max_tokens"),
            Prompt = Prompt(body, messages),
            Tools = [.. body.Items("tools").Select(Tool)],
            ToolsForbidden = choice?.String("type") is "none",
            ToolRequired = choice?.String("type") is "any" or "tool",
            ForcedTool = choice?.String("type") is "tool" ? choice?.String("name") : null,
            EndsWithToolResult = Blocks(messages[^1]).Any(static block => block.String("type") is "tool_result"),
            AnswerSchema = body.Member("output_config")?.Member("format")?.Member("schema"),
        };
    }

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "model", "messages", "max_tokens", "system", "temperature", "top_p", "top_k", "stop_sequences", "stream", "tools", "tool_choice", "thinking",
        "output_config", "metadata", "service_tier", "cache_control", "container", "inference_geo",
    };

    private static readonly Dictionary<string, string> BetaFields = new(StringComparer.Ordinal)
    {
        ["context_management"] = "context-management-",
        ["mcp_servers"] = "mcp-client-",
        ["speed"] = "fast-mode-",
        ["fallbacks"] = "server-side-fallback-",
    };

    private static bool IsBeta(string field, List<string> betas) =>
        BetaFields.TryGetValue(field, out var beta) && betas.Exists(sent => sent.StartsWith(beta, StringComparison.Ordinal));

    // What this provider signed comes back as it was, and with a budget the turn whose calls were just answered begins with thinking.
    private static void CheckThinking(JsonElement body, List<JsonElement> messages)
    {
        foreach (var block in messages.SelectMany(Blocks).Where(static block => block.String("type") is "thinking"))
        {
            Require(block.String("signature") is Signature, "messages: Invalid `signature` in `thinking` block");
        }

        Require(messages.SelectMany(Blocks).Where(static block => block.String("type") is "redacted_thinking").All(static block => block.String("data") is Signature), "messages: Invalid `data` in `redacted_thinking` block");
        if (body.Member("thinking")?.String("type") is not "enabled")
        {
            return;
        }

        Require(body.Member("thinking")?.Number("budget_tokens") < body.Number("max_tokens"), "`max_tokens` must be greater than `thinking.budget_tokens`");
        var answered = messages.Count > 1 && Blocks(messages[^1]).Any(static block => block.String("type") is "tool_result");
        Require(
            !answered || Blocks(messages[^2]).First().String("type") is "thinking" or "redacted_thinking",
            "messages: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block");
    }

    private static void CheckMessages(List<JsonElement> messages)
    {
        Require(messages[0].String("role") is "user", "messages: first message must use the \"user\" role");
        var ids = messages.SelectMany(Blocks).Where(static block => block.String("type") is "tool_use").Select(static block => block.String("id")).ToList();
        Require(ids.Distinct(StringComparer.Ordinal).Count() == ids.Count, "messages: `tool_use` ids must be unique");
        for (var i = 0; i < messages.Count; i++)
        {
            // The newest models take instructions inside the conversation, after what the user said.
            var role = messages[i].String("role");
            Require(role is "user" or "assistant" || (role is "system" && messages[i - 1].String("role") is "user"), $"messages.{i}.role: must be user or assistant");
            var blocks = Blocks(messages[i]).ToList();
            Require(blocks.Count > 0, $"messages.{i}: content must not be empty");
            Require(
                blocks.TrueForAll(static block => block.String("type") is not "text" || !string.IsNullOrWhiteSpace(block.String("text"))),
                $"messages.{i}: text content blocks must be non-empty");
            CheckTools(messages, i, blocks);
        }
    }

    // Every call of an assistant turn has its result at the start of the next message, and no result comes without its call.
    private static void CheckTools(List<JsonElement> messages, int at, List<JsonElement> blocks)
    {
        var results = blocks.TakeWhile(static block => block.String("type") is "tool_result").Select(static block => block.String("tool_use_id") ?? "").ToList();
        Require(results.Count == blocks.Count(static block => block.String("type") is "tool_result"), $"messages.{at}: tool_result blocks must come first");
        var calls = at == 0 ? [] : Blocks(messages[at - 1]).Where(static block => block.String("type") is "tool_use").Select(static block => block.String("id") ?? "").ToList();
        Require(calls.TrueForAll(results.Contains), $"messages.{at - 1}: `tool_use` ids were found without `tool_result` blocks immediately after");
        Require(results.TrueForAll(calls.Contains), $"messages.{at}: unexpected `tool_use_id` found in `tool_result` blocks");
        Require(results.Distinct(StringComparer.Ordinal).Count() == results.Count, $"messages.{at}: each tool_use must have a single result");
        foreach (var call in blocks.Where(static block => block.String("type") is "tool_use"))
        {
            Require(IdPattern().IsMatch(call.String("id") ?? ""), $"messages.{at}: tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
            Require(call.Member("input") is { ValueKind: JsonValueKind.Object }, $"messages.{at}: tool_use.input: Input should be a valid dictionary");
        }

        Require(at < messages.Count - 1 || blocks.TrueForAll(static block => block.String("type") is not "tool_use"), "tool_use ids were found without tool_result");
    }

    private static OfferedTool Tool(JsonElement tool)
    {
        Require(tool.Member("input_schema")?.String("type") is "object", "tools: input_schema.type: Field required");
        return new OfferedTool(tool.String("name") ?? throw Bad("tools: name: Field required"), tool.Member("input_schema")!.Value);
    }

    private static IEnumerable<JsonElement> Blocks(JsonElement message) => message.Member("content") switch
    {
        { ValueKind: JsonValueKind.Array } blocks => blocks.EnumerateArray(),
        { ValueKind: JsonValueKind.String } text when text.GetString()!.Length > 0 => [JsonSerializer.SerializeToElement(new { type = "text", text = text.GetString() })],
        _ => [],
    };

    private static string Prompt(JsonElement body, List<JsonElement> messages)
    {
        var text = new StringBuilder(body.Member("system") is { ValueKind: JsonValueKind.String } system ? system.GetString() : "");
        foreach (var block in body.Items("system").Concat(messages.SelectMany(Blocks)))
        {
            text.Append(block.String("text") ?? block.String("content")).Append('\n');
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

    private static BadCallException Bad(string message) => new(400, message, code: "invalid_request_error");

    [GeneratedRegex(@"^[a-z0-9-]+-\d{4}-\d\d-\d\d$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BetaPattern();

    [GeneratedRegex("^[a-zA-Z0-9_-]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IdPattern();
}
