using System.Text.Json;

namespace Infermux.Providers.Anthropic;

/// <summary>Anthropic's own spelling.</summary>
internal sealed class MessagesForm : IMessageForm
{
    private MessagesForm()
    {
    }

    /// <summary>It keeps nothing.</summary>
    public static MessagesForm Instance { get; } = new();

    /// <inheritdoc/>
    public void Refuse(JsonElement request) => UnsupportedFields.Refuse(request);

    /// <inheritdoc/>
    public void Drop(JsonElement request, ISet<string> dropped) => UnsupportedFields.Drop(request, dropped);

    /// <inheritdoc/>
    public List<Block> Parts(JsonElement message, string path) => Anthropic.Parts.Of(message, path);

    /// <inheritdoc/>
    public IEnumerable<Block> Reasoning(JsonElement message) => [];

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
    public Block Result(string id, List<Block> content, bool failed) => new(BlockKind.ToolResult, writer => ToolResults.Write(writer, id, content));
}
