using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Bedrock;

/// <summary>Writes a planned request as the body of <c>converse</c> and <c>converse-stream</c>.</summary>
internal static class ConverseWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body.</summary>
    public static ReadOnlyMemory<byte> Write(ConversePlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            var marks = new CacheMarks();
            writer.WriteStartObject();
            WriteTools(writer, plan, marks);
            WriteSystem(writer, plan, marks);
            WriteMessages(writer, plan, marks);
            WriteInference(writer, plan.Request);
            WriteModelFields(writer, plan);
            WriteOutput(writer, plan.Request);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteTools(Utf8JsonWriter writer, ConversePlan plan, CacheMarks marks)
    {
        if (plan.Tools.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("toolConfig");
        writer.WriteStartArray("tools");
        foreach (var tool in plan.Tools)
        {
            WriteTool(writer, tool, tool.Strict && plan.Model.Traits.AnswerFormat);
            WriteMark(writer, plan, marks, tool.CacheControl);
        }

        writer.WriteEndArray();
        if (plan.Choice.Type is { } type)
        {
            writer.WriteStartObject("toolChoice");
            writer.WriteStartObject(type);
            if (plan.Choice.Name is { } name)
            {
                writer.WriteString("name", name);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter writer, OfferedTool tool, bool strict)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolSpec");
        writer.WriteString("name", tool.Name);
        if (!string.IsNullOrEmpty(tool.Description))
        {
            writer.WriteString("description", tool.Description);
        }

        writer.WriteStartObject("inputSchema");
        writer.WritePropertyName("json");
        InputSchema.Write(writer, tool.Parameters, strict);
        writer.WriteEndObject();
        if (strict)
        {
            writer.WriteBoolean("strict", true);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSystem(Utf8JsonWriter writer, ConversePlan plan, CacheMarks marks)
    {
        if (plan.Request.Conversation.System.Count + plan.Instructions.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("system");
        WriteBlocks(writer, plan, plan.Request.Conversation.System, marks);
        WriteBlocks(writer, plan, plan.Instructions.Select(static text => Block.OfText(text)), marks);
        writer.WriteEndArray();
    }

    private static void WriteMessages(Utf8JsonWriter writer, ConversePlan plan, CacheMarks marks)
    {
        writer.WriteStartArray("messages");
        foreach (var turn in plan.Request.Conversation.Turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role", turn.Role);
            writer.WriteStartArray("content");
            WriteBlocks(writer, plan, turn.Blocks, marks);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteBlocks(Utf8JsonWriter writer, ConversePlan plan, IEnumerable<Block> blocks, CacheMarks marks)
    {
        foreach (var block in blocks)
        {
            writer.WriteStartObject();
            if (block.Value is { } text)
            {
                writer.WriteString("text", text);
            }
            else
            {
                block.Members(writer);
            }

            writer.WriteEndObject();
            WriteMark(writer, plan, marks, block.CacheControl);
        }
    }

    // A mark is a block of its own, after the one it ends with.
    private static void WriteMark(Utf8JsonWriter writer, ConversePlan plan, CacheMarks marks, JsonElement? mark)
    {
        if (!plan.Model.HasCachePoints || !marks.Takes(mark))
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("cachePoint");
        writer.WriteString("type", "default");
        if (mark!.Value.Text("ttl") is "5m" or "1h")
        {
            writer.WriteString("ttl", mark.Value.Text("ttl"));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteInference(Utf8JsonWriter writer, RequestPlan plan)
    {
        writer.WriteStartObject("inferenceConfig");
        writer.WriteNumber("maxTokens", plan.Thinking.MaxTokens);
        if (plan.Temperature is { } temperature)
        {
            writer.WriteNumber("temperature", temperature);
        }

        if (plan.TopP is { } topP)
        {
            writer.WriteNumber("topP", topP);
        }

        if (plan.Stop.Count > 0)
        {
            writer.WriteStartArray("stopSequences");
            foreach (var stop in plan.Stop)
            {
                writer.WriteStringValue(stop);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteModelFields(Utf8JsonWriter writer, ConversePlan plan)
    {
        var topK = plan.Model.IsClaude ? plan.Request.TopK : null;
        var thinking = plan.Request.Thinking;
        if (topK is null && thinking.Type is null && plan.GptOssEffort is null)
        {
            return;
        }

        writer.WriteStartObject("additionalModelRequestFields");
        if (topK is { } count)
        {
            writer.WriteNumber("top_k", count);
        }

        if (thinking.Type is { } type)
        {
            writer.WriteStartObject("thinking");
            writer.WriteString("type", type);
            if (thinking.Budget > 0)
            {
                writer.WriteNumber("budget_tokens", thinking.Budget);
            }

            writer.WriteEndObject();
        }

        if (plan.GptOssEffort is { } effort)
        {
            writer.WriteString("reasoning_effort", effort);
        }

        writer.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter writer, RequestPlan plan)
    {
        if (plan.Thinking.Effort is null && plan.AnswerForm != AnswerForm.Format)
        {
            return;
        }

        writer.WriteStartObject("outputConfig");
        if (plan.Thinking.Effort is { } effort)
        {
            writer.WriteString("effort", effort);
        }

        if (plan.AnswerForm == AnswerForm.Format)
        {
            WriteFormat(writer, plan.Answer!);
        }

        writer.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter writer, AnswerSchema answer)
    {
        writer.WriteStartObject("textFormat");
        writer.WriteString("type", "json_schema");
        writer.WriteStartObject("structure");
        writer.WriteStartObject("jsonSchema");
        writer.WriteString("schema", SchemaRules.Apply(answer.Schema).ToJsonString()); // a text, unlike a tool's
        writer.WriteString("name", answer.Name);
        if (!string.IsNullOrEmpty(answer.Description))
        {
            writer.WriteString("description", answer.Description);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
