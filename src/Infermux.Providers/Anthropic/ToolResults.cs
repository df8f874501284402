using System.Text.Json;

namespace Infermux.Providers.Anthropic;

/// <summary>What a call gave.</summary>
internal static class ToolResults
{
    /// <summary>Writes a result. One text goes as a text, more as a list of blocks, nothing as nothing.</summary>
    public static void Write(Utf8JsonWriter writer, string id, List<Block> content)
    {
        writer.WriteString("type", "tool_result");
        writer.WriteString("tool_use_id", id);
        if (content is [{ Value: { } text }])
        {
            writer.WriteString("content", text);
        }
        else if (content.Count > 0)
        {
            writer.WriteStartArray("content");
            foreach (var block in content)
            {
                writer.WriteStartObject();
                block.Members(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }
}
