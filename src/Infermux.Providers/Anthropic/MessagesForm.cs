using System.Text.Json;

namespace Infermux.Providers.Anthropic;

/// <summary>Anthropic's own spelling.</summary>
internal sealed class MessagesForm(AttemptTarget target) : IMessageForm
{
    /// <inheritdoc/>
    public void Refuse(JsonElement request) => UnsupportedFields.Refuse(request);

    /// <inheritdoc/>
    public void Drop(JsonElement request, ISet<string> dropped) => UnsupportedFields.Drop(request, dropped);

    /// <inheritdoc/>
    public List<Block> Parts(JsonElement message, string path) => Anthropic.Parts.Of(message, path);

    /// <inheritdoc/>
    public List<Block> Reasoning(JsonElement message, out bool lost) => SignedThinking.Read(message, target, Thinking, Redacted, out lost);

    /// <inheritdoc/>
    public Block Call(string id, string name, ReadOnlyMemory<byte> input) => new(BlockKind.ToolUse, writer =>
    {
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", id);
        writer.WriteString("name", name);
        writer.WritePropertyName("input");
        writer.WriteRawValue(input.Span, skipInputValidation: true);
    });

    /// <inheritdoc/>
    public Block Result(string id, List<Block> content, bool failed) => new(BlockKind.ToolResult, writer => ToolResults.Write(writer, id, content, failed));

    private static Block Thinking(string text, string signature) => new(BlockKind.Thinking, writer =>
    {
        writer.WriteString("type", "thinking");
        writer.WriteString("thinking", text);
        writer.WriteString("signature", signature);
    });

    private static Block Redacted(string data) => new(BlockKind.Thinking, writer =>
    {
        writer.WriteString("type", "redacted_thinking");
        writer.WriteString("data", data);
    });
}
