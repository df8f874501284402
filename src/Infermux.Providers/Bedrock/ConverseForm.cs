using System.Collections.Frozen;
using System.Text.Json;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Bedrock;

/// <summary>
/// Converse's spelling of one request's messages: every block is a union, an object with the one member that says what it is. Keeps what one request has to
/// remember: names of documents and of called tools.
/// </summary>
internal sealed class ConverseForm(BedrockModel model, AttemptTarget target) : IMessageForm
{
    private static readonly FrozenSet<string> Translated = new HashSet<string>(StringComparer.Ordinal)
    {
        "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "stop", "stream", "stream_options", "tools", "functions",
        "tool_choice", "function_call", "parallel_tool_calls", "response_format", "reasoning_effort", "service_tier", "n", "modalities", "audio",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly ConverseParts _parts = new();
    private readonly List<string> _called = [];

    /// <summary>Names of the tools that the conversation calls, each once.</summary>
    public IReadOnlyList<string> Called => _called;

    /// <inheritdoc/>
    public void Refuse(JsonElement request)
    {
        if (request.Number("n") > 1)
        {
            throw Refused("n", "Bedrock's Converse gives one answer a request; ask once for each.");
        }

        if (request.Find("audio") is not null
            || request.List("modalities").Any(static item => item.ValueKind == JsonValueKind.String && item.ValueEquals("audio")))
        {
            throw Refused("audio", "models behind Bedrock's Converse do not speak; leave it out.");
        }
    }

    /// <inheritdoc/>
    public void Drop(JsonElement request, ISet<string> dropped) => UntranslatedFields.Drop(request, Translated, dropped);

    /// <inheritdoc/>
    public List<Block> Parts(JsonElement message, string path) => _parts.Of(message, path);

    /// <inheritdoc/>
    public List<Block> Reasoning(JsonElement message, out bool lost) => SignedThinking.Read(message, target, SignedText, Redacted, out lost);

    /// <inheritdoc/>
    public Block Call(string id, string name, ReadOnlyMemory<byte> input)
    {
        if (!_called.Contains(name, StringComparer.Ordinal))
        {
            _called.Add(name);
        }

        return new Block(BlockKind.ToolUse, writer =>
        {
            writer.WriteStartObject("toolUse");
            writer.WriteString("toolUseId", id);
            writer.WriteString("name", name);
            writer.WritePropertyName("input");
            writer.WriteRawValue(input.Span, skipInputValidation: true);
            writer.WriteEndObject();
        });
    }

    /// <inheritdoc/>
    public Block Result(string id, List<Block> content, bool failed) => new(BlockKind.ToolResult, writer =>
    {
        writer.WriteStartObject("toolResult");
        writer.WriteString("toolUseId", id);
        writer.WriteStartArray("content");
        WriteContent(writer, content, failed && !model.HasCachePoints ? "Error: " : "");
        writer.WriteEndArray();
        if (failed && model.HasCachePoints) // the same vendors take it
        {
            writer.WriteString("status", "error");
        }

        writer.WriteEndObject();
    });

    // A result must have content, and a blank text is refused.
    private static void WriteContent(Utf8JsonWriter writer, List<Block> content, string said)
    {
        if (content is not [{ Value: not null }, ..] && said.Length > 0)
        {
            content = [Block.OfText(said.Trim()), .. content];
            said = "";
        }

        if (content.Count == 0)
        {
            writer.WriteRawValue("""{"json":{}}"""u8);
        }

        foreach (var block in content)
        {
            writer.WriteStartObject();
            if (block.Value is { } text)
            {
                writer.WriteString("text", said + text);
                said = "";
            }
            else
            {
                block.Members(writer);
            }

            writer.WriteEndObject();
        }
    }

    private static Block SignedText(string text, string signature) => new(BlockKind.Thinking, writer =>
    {
        writer.WriteStartObject("reasoningContent");
        writer.WriteStartObject("reasoningText");
        writer.WriteString("text", text);
        writer.WriteString("signature", signature);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static Block Redacted(string data) => new(BlockKind.Thinking, writer =>
    {
        writer.WriteStartObject("reasoningContent");
        writer.WriteString("redactedContent", data);
        writer.WriteEndObject();
    });

    private static RequestRefusedException Refused(string field, string why) => new($"'{field}': {why}", field, "unsupported");
}
