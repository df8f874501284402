using System.Text;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Reads requests of OpenAI Responses and refuses what OpenAI refuses.</summary>
internal static class ResponsesReader
{
    /// <summary>What every opaque value that this provider makes begins with.</summary>
    public const string Encrypted = "gAAAA";

    public static Call Read(Route route, JsonElement body)
    {
        var input = body.Member("input") ?? throw new BadCallException(400, "Missing required parameter: 'input'.", "input", "missing_required_parameter");
        Check(body, input);
        var items = body.Items("input").ToList();
        var choice = body.Member("tool_choice");
        var format = body.Member("text")?.Member("format") ?? default;
        return OpenAiReader.Basics(route, body) with
        {
            MaxTokens = body.Number("max_output_tokens"),
            Prompt = Prompt(body, input),
            Tools = [.. body.Items("tools").Where(static tool => tool.String("type") is "function" or "custom")
                .Select(static tool => new OfferedTool(tool.String("name") ?? "", tool.Member("parameters") ?? default))],
            ToolsForbidden = choice is { ValueKind: JsonValueKind.String } none && none.ValueEquals("none"),
            ToolRequired = choice is { ValueKind: JsonValueKind.Object } || (choice is { ValueKind: JsonValueKind.String } required && required.ValueEquals("required")),
            ForcedTool = choice?.String("name"),
            EndsWithToolResult = items is [.., var last] && last.String("type") is "function_call_output" or "custom_tool_call_output",
            AnswerSchema = format.Member("schema"),
            AnswerObject = format.String("type") is "json_object",
        };
    }

    private static void Check(JsonElement body, JsonElement input)
    {
        foreach (var unknown in (ReadOnlySpan<string>)["messages", "max_tokens", "max_completion_tokens", "stop", "n", "reasoning_effort", "response_format"])
        {
            if (body.Member(unknown) is not null)
            {
                throw new BadCallException(400, $"Unknown parameter: '{unknown}'.", unknown, "unknown_parameter");
            }
        }

        var items = input.ValueKind == JsonValueKind.Array ? input.EnumerateArray().ToList() : [];
        for (var n = 0; n < items.Count; n++)
        {
            if (items[n].String("type") is "reasoning")
            {
                CheckReasoning(items, n);
            }
        }
    }

    private static void CheckReasoning(List<JsonElement> items, int n)
    {
        var id = items[n].String("id");
        if (items[n].String("encrypted_content") is not { } value)
        {
            throw new BadCallException(404, $"Item with id '{id}' not found. Items are not persisted when `store` is set to false.", "input");
        }

        if (!value.StartsWith(Encrypted, StringComparison.Ordinal))
        {
            throw new BadCallException(400, $"The encrypted content for item {id} could not be verified.", null, "invalid_encrypted_content");
        }

        if (n + 1 == items.Count || items[n + 1].String("role") is "user" || items[n + 1].String("type") is "reasoning" or "function_call_output")
        {
            throw new BadCallException(400, $"Item '{id}' of type 'reasoning' was provided without its required following item.", "input");
        }
    }

    private static string Prompt(JsonElement body, JsonElement input)
    {
        var text = new StringBuilder(body.String("instructions")).Append('\n');
        if (input.ValueKind == JsonValueKind.String)
        {
            return text.Append(input.GetString()).ToString();
        }

        foreach (var item in input.EnumerateArray())
        {
            text.Append(OpenAiReader.Text(item.Member("content") ?? item.Member("output") ?? default)).Append('\n');
        }

        return text.ToString();
    }
}
