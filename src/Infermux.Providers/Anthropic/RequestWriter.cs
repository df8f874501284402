using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>Writes a planned request, in the order of the cached prefix: tools, system, messages.</summary>
internal static class RequestWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of <c>POST /v1/messages</c>.</summary>
    public static ReadOnlyMemory<byte> Write(RequestPlan plan, string model, bool stream)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            var marks = new CacheMarks();
            writer.WriteStartObject();
            writer.WriteString("model", model);
            writer.WriteNumber("max_tokens", plan.Thinking.MaxTokens);
            WriteTools(writer, plan, marks);
            WriteSystem(writer, plan, marks);
            WriteMessages(writer, plan, marks);
            WriteSettings(writer, plan);
            WriteThinking(writer, plan);
            if (stream)
            {
                writer.WriteBoolean("stream", true);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteTools(Utf8JsonWriter writer, RequestPlan plan, CacheMarks marks)
    {
        if (plan.Tools.Count == 0 && plan.AnswerForm != AnswerForm.Tool)
        {
            return;
        }

        writer.WriteStartArray("tools");
        foreach (var tool in plan.Tools)
        {
            WriteTool(writer, tool, plan.Traits.AnswerFormat, marks);
        }

        if (plan is { AnswerForm: AnswerForm.Tool, Answer: { } answer })
        {
            WriteTool(writer, new OfferedTool(answer.Name, answer.Description ?? "Gives the answer.", answer.Schema, Strict: false, null), strictKnown: false, marks);
        }

        writer.WriteEndArray();
        WriteChoice(writer, plan.Choice);
    }

    private static void WriteTool(Utf8JsonWriter writer, OfferedTool tool, bool strictKnown, CacheMarks marks)
    {
        writer.WriteStartObject();
        writer.WriteString("name", tool.Name);
        if (!string.IsNullOrEmpty(tool.Description))
        {
            writer.WriteString("description", tool.Description);
        }

        writer.WritePropertyName("input_schema");
        InputSchema.Write(writer, tool.Parameters, tool.Strict && strictKnown);
        if (tool.Strict && strictKnown)
        {
            writer.WriteBoolean("strict", true);
        }

        marks.Write(writer, tool.CacheControl);
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ToolChoice choice)
    {
        if (choice.Type is null)
        {
            return;
        }

        writer.WriteStartObject("tool_choice");
        writer.WriteString("type", choice.Type);
        if (choice.Name is not null)
        {
            writer.WriteString("name", choice.Name);
        }

        if (choice.NotParallel)
        {
            writer.WriteBoolean("disable_parallel_tool_use", true);
        }

        writer.WriteEndObject();
    }

    private static void WriteSystem(Utf8JsonWriter writer, RequestPlan plan, CacheMarks marks)
    {
        if (plan.Conversation.System.Count + plan.Instructions.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("system");
        WriteBlocks(writer, plan.Conversation.System, marks);
        WriteBlocks(writer, plan.Instructions.Select(static text => Block.OfText(text)), marks);
        writer.WriteEndArray();
    }

    private static void WriteMessages(Utf8JsonWriter writer, RequestPlan plan, CacheMarks marks)
    {
        writer.WriteStartArray("messages");
        foreach (var turn in plan.Conversation.Turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role", turn.Role);
            writer.WriteStartArray("content");
            WriteBlocks(writer, turn.Blocks, marks);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteBlocks(Utf8JsonWriter writer, IEnumerable<Block> blocks, CacheMarks marks)
    {
        foreach (var block in blocks)
        {
            writer.WriteStartObject();
            block.Members(writer);
            marks.Write(writer, block.CacheControl);
            writer.WriteEndObject();
        }
    }

    private static void WriteSettings(Utf8JsonWriter writer, RequestPlan plan)
    {
        if (plan.Temperature is { } temperature)
        {
            writer.WriteNumber("temperature", temperature);
        }

        if (plan.TopP is { } topP)
        {
            writer.WriteNumber("top_p", topP);
        }

        if (plan.TopK is { } topK)
        {
            writer.WriteNumber("top_k", topK);
        }

        if (plan.Stop.Count > 0)
        {
            writer.WriteStartArray("stop_sequences");
            foreach (var stop in plan.Stop)
            {
                writer.WriteStringValue(stop);
            }

            writer.WriteEndArray();
        }

        if (plan.UserId is not null)
        {
            writer.WriteStartObject("metadata");
            writer.WriteString("user_id", plan.UserId);
            writer.WriteEndObject();
        }

        if (plan.ServiceTier is not null)
        {
            writer.WriteString("service_tier", plan.ServiceTier);
        }
    }

    private static void WriteThinking(Utf8JsonWriter writer, RequestPlan plan)
    {
        if (plan.Thinking.Type is { } type)
        {
            writer.WriteStartObject("thinking");
            writer.WriteString("type", type);
            if (plan.Thinking.Budget > 0)
            {
                writer.WriteNumber("budget_tokens", plan.Thinking.Budget);
            }

            writer.WriteEndObject();
        }

        if (plan.Thinking.Effort is null && plan.AnswerForm != AnswerForm.Format)
        {
            return;
        }

        writer.WriteStartObject("output_config");
        if (plan.Thinking.Effort is { } effort)
        {
            writer.WriteString("effort", effort);
        }

        if (plan.AnswerForm == AnswerForm.Format)
        {
            writer.WriteStartObject("format");
            writer.WriteString("type", "json_schema");
            writer.WritePropertyName("schema");
            SchemaRules.Apply(plan.Answer!.Schema).WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
