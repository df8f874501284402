using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>Writes a planned request.</summary>
internal static class RequestWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of <c>generateContent</c> and <c>streamGenerateContent</c>.</summary>
    /// <param name="plan">What was decided.</param>
    /// <param name="request">The caller's request, for what is sent as it is.</param>
    public static ReadOnlyMemory<byte> Write(RequestPlan plan, JsonElement request)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            WriteSystem(writer, plan);
            WriteContents(writer, plan);
            WriteTools(writer, plan);
            WriteSettings(writer, plan, request);
            if (plan.ServiceTier is { } tier)
            {
                writer.WriteString("serviceTier", tier);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteSystem(Utf8JsonWriter writer, RequestPlan plan)
    {
        if (plan.Conversation.System.Count > 0)
        {
            writer.WriteStartObject("systemInstruction");
            WriteParts(writer, plan.Conversation.System);
            writer.WriteEndObject();
        }
    }

    private static void WriteContents(Utf8JsonWriter writer, RequestPlan plan)
    {
        writer.WriteStartArray("contents");
        foreach (var turn in plan.Conversation.Turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role", turn.Role);
            WriteParts(writer, turn.Parts);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteParts(Utf8JsonWriter writer, IReadOnlyList<Part> parts)
    {
        writer.WriteStartArray("parts");
        foreach (var part in parts)
        {
            part.Write(writer);
        }

        writer.WriteEndArray();
    }

    private static void WriteTools(Utf8JsonWriter writer, RequestPlan plan)
    {
        if (plan.Tools.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tools");
        writer.WriteStartObject();
        writer.WriteStartArray("functionDeclarations");
        plan.Tools.ForEach(tool => WriteTool(writer, tool));
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        WriteCalling(writer, plan.Calling);
    }

    // `parameters` takes only a part of OpenAPI's schemas; `parametersJsonSchema` takes what callers send.
    private static void WriteTool(Utf8JsonWriter writer, OfferedTool tool)
    {
        writer.WriteStartObject();
        writer.WriteString("name", tool.Name);
        if (!string.IsNullOrEmpty(tool.Description))
        {
            writer.WriteString("description", tool.Description);
        }

        if (tool.Parameters is { ValueKind: JsonValueKind.Object } schema)
        {
            writer.WritePropertyName("parametersJsonSchema");
            schema.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteCalling(Utf8JsonWriter writer, FunctionCalling calling)
    {
        if (calling.Mode is null)
        {
            return;
        }

        writer.WriteStartObject("toolConfig");
        writer.WriteStartObject("functionCallingConfig");
        writer.WriteString("mode", calling.Mode);
        if (calling.Name is not null)
        {
            writer.WriteStartArray("allowedFunctionNames");
            writer.WriteStringValue(calling.Name);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter writer, RequestPlan plan, JsonElement request)
    {
        writer.WriteStartObject("generationConfig");
        WriteNumber(writer, "maxOutputTokens", plan.MaxTokens);
        CopyNumber(writer, request, "temperature", "temperature");
        CopyNumber(writer, request, "top_p", "topP");
        CopyNumber(writer, request, "top_k", "topK");
        CopyNumber(writer, request, "presence_penalty", "presencePenalty");
        CopyNumber(writer, request, "frequency_penalty", "frequencyPenalty");
        WriteNumber(writer, "seed", plan.Seed);
        WriteNumber(writer, "candidateCount", request.Count("n") is > 1 and var n ? n : null);
        if (request.IsTrue("logprobs"))
        {
            writer.WriteBoolean("responseLogprobs", true);
            WriteNumber(writer, "logprobs", request.Count("top_logprobs") is > 0 and var top ? top : null);
        }

        WriteStop(writer, plan.Stop);
        WriteAnswer(writer, plan);
        WriteThinking(writer, plan.Thinking);
        writer.WriteEndObject();
    }

    private static void WriteStop(Utf8JsonWriter writer, IReadOnlyList<string> stop)
    {
        if (stop.Count > 0)
        {
            writer.WriteStartArray("stopSequences");
            foreach (var text in stop)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteAnswer(Utf8JsonWriter writer, RequestPlan plan)
    {
        if (plan.AnswerForm != AnswerForm.Json)
        {
            return;
        }

        writer.WriteString("responseMimeType", "application/json");
        if (plan.Answer is { } answer)
        {
            writer.WritePropertyName("responseJsonSchema");
            answer.Schema.WriteTo(writer);
        }
    }

    private static void WriteThinking(Utf8JsonWriter writer, ThinkingPlan thinking)
    {
        if (!thinking.IsSent)
        {
            return;
        }

        writer.WriteStartObject("thinkingConfig");
        WriteNumber(writer, "thinkingBudget", thinking.Budget);
        if (thinking.Level is not null)
        {
            writer.WriteString("thinkingLevel", thinking.Level);
        }

        if (thinking.Shown)
        {
            writer.WriteBoolean("includeThoughts", true);
        }

        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void CopyNumber(Utf8JsonWriter writer, JsonElement request, string from, string to)
    {
        if (request.Find(from) is { ValueKind: JsonValueKind.Number } value)
        {
            writer.WritePropertyName(to);
            value.WriteTo(writer);
        }
    }
}
