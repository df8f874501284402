using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>
/// Writes instructions and items as chat messages. What the model did in one turn (reasoning, a message, its calls) is one assistant message; an item of another
/// kind ends the turn.
/// </summary>
/// <param name="target">Where it goes.</param>
/// <param name="extended">Whether the pivot's extensions may be used.</param>
/// <param name="dropped">Takes the names of what is left out.</param>
internal sealed class ChatMessages(AttemptTarget target, bool extended, ISet<string> dropped)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<ReadOnlyMemory<byte>> _reasoning = []; // items of reasoning_details of the turn under way
    private readonly List<JsonElement> _parts = [];
    private readonly List<JsonElement> _calls = [];
    private readonly List<string> _thoughts = [];
    private readonly List<(JsonElement Parts, string Path)> _media = []; // of tool results, for targets that take only text there

    /// <summary>Writes the member <c>messages</c>.</summary>
    public void Write(Utf8JsonWriter writer, JsonElement request)
    {
        writer.WriteStartArray("messages");
        foreach (var text in Instructions(request.Find("instructions")))
        {
            writer.WriteStartObject();
            writer.WriteString("role", "system");
            writer.WriteString("content", text);
            writer.WriteEndObject();
        }

        if (request.Text("input") is { } said)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "user");
            writer.WriteString("content", said);
            writer.WriteEndObject();
        }

        var n = 0;
        foreach (var item in request.List("input"))
        {
            WriteItem(writer, item, string.Create(CultureInfo.InvariantCulture, $"input[{n++}]"));
        }

        EndTurn(writer);
        EndResults(writer);
        writer.WriteEndArray();
    }

    private static IEnumerable<string> Instructions(JsonElement? instructions) => instructions switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } said ? [said] : [],
        { ValueKind: JsonValueKind.Array } => throw new RequestRefusedException("'instructions' must be a text.", "instructions", "unsupported"),
        _ => [],
    };

    private void WriteItem(Utf8JsonWriter writer, JsonElement item, string path)
    {
        switch (item.Text("type"))
        {
            case null or "message" when item.Text("role") is "assistant":
                EndResults(writer);
                _parts.AddRange(Parts(item));
                break;
            case null or "message":
                EndTurn(writer);
                EndResults(writer);
                WriteMessage(writer, item, path);
                break;
            case "function_call" or "custom_tool_call":
                EndResults(writer);
                _calls.Add(item);
                break;
            case "function_call_output" or "custom_tool_call_output":
                EndTurn(writer);
                WriteResult(writer, item, path);
                break;
            case "reasoning":
                TakeReasoning(item);
                break;
            case "compaction":
                dropped.Add("reasoning_details");
                break;
            case var type:
                throw new RequestRefusedException(
                    $"'{path}.type' is '{type}', which only a provider that speaks the Responses API understands; no such provider can answer this. Leave the item out.",
                    $"{path}.type",
                    "unsupported");
        }
    }

    private void TakeReasoning(JsonElement item)
    {
        _thoughts.AddRange(item.List("summary").Concat(item.List("content")).Select(static part => part.Text("text")).OfType<string>());
        if (item.Text("encrypted_content") is null)
        {
            return;
        }

        var detail = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(detail, Options))
        {
            if (!extended || !CarriedReasoning.Unpack(item, writer))
            {
                dropped.Add("reasoning_details");
                return;
            }
        }

        _reasoning.Add(detail.WrittenMemory);
    }

    private void EndTurn(Utf8JsonWriter writer)
    {
        if (_parts.Count + _calls.Count > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "assistant");
            WriteSaid(writer);
            WriteReasoning(writer);
            WriteCalls(writer);
            writer.WriteEndObject();
        }

        _reasoning.Clear();
        _thoughts.Clear();
        _parts.Clear();
        _calls.Clear();
    }

    private void WriteSaid(Utf8JsonWriter writer)
    {
        var text = string.Concat(_parts.Select(static part => part.ValueKind == JsonValueKind.String ? part.GetString() : part.Text("text")));
        var refusal = string.Concat(_parts.Select(static part => part.Text("refusal")));
        if (text.Length > 0 || (refusal.Length == 0 && _calls.Count == 0))
        {
            writer.WriteString("content", text);
        }
        else
        {
            writer.WriteNull("content");
        }

        if (refusal.Length > 0)
        {
            writer.WriteString("refusal", refusal);
        }
    }

    private void WriteReasoning(Utf8JsonWriter writer)
    {
        if (_reasoning.Count > 0)
        {
            writer.WriteStartArray("reasoning_details");
            foreach (var detail in _reasoning)
            {
                writer.WriteRawValue(detail.Span, skipInputValidation: true);
            }

            writer.WriteEndArray();
        }

        // DeepSeek refuses a tool turn without the reasoning that led to it.
        if (_thoughts.Count > 0 && _calls.Count > 0 && target.Provider.BaseUrl?.Contains("deepseek.com", StringComparison.OrdinalIgnoreCase) is true)
        {
            writer.WriteString("reasoning_content", string.Join("\n\n", _thoughts));
        }
    }

    private void WriteCalls(Utf8JsonWriter writer)
    {
        if (_calls.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tool_calls");
        foreach (var call in _calls)
        {
            var isCustom = call.Text("type") is "custom_tool_call";
            writer.WriteStartObject();
            writer.WriteString("id", call.Text("call_id"));
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", call.Text("namespace") is { } space ? CallersTools.Flat(space, call.Text("name") ?? "") : call.Text("name"));
            writer.WriteString("arguments", isCustom ? CustomTools.Wrap(call.Text("input") ?? "") : call.Text("arguments") is { Length: > 0 } given ? given : "{}");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // "developer" is OpenAI's own word; "system" is known everywhere and means the same to its models.
    private static void WriteMessage(Utf8JsonWriter writer, JsonElement item, string path)
    {
        writer.WriteStartObject();
        writer.WriteString("role", item.Text("role") switch
        {
            "user" => "user",
            "system" or "developer" => "system",
            var role => throw new RequestRefusedException($"'{path}.role' is '{role}'; use user, assistant, system or developer.", $"{path}.role"),
        });
        ChatParts.Write(writer, item.Find("content"), path + ".content");
        writer.WriteEndObject();
    }

    private void WriteResult(Utf8JsonWriter writer, JsonElement item, string path)
    {
        var output = item.Find("output");
        var hasMedia = output is { ValueKind: JsonValueKind.Array } parts && parts.EnumerateArray().Any(static part => part.Text("type") is not ("input_text" or "output_text"));
        writer.WriteStartObject();
        writer.WriteString("role", "tool");
        writer.WriteString("tool_call_id", item.Text("call_id"));
        if (output is { ValueKind: JsonValueKind.String } text)
        {
            writer.WriteString("content", text.GetString());
        }
        else if (!hasMedia || extended)
        {
            ChatParts.Write(writer, output, path + ".output");
        }
        else
        {
            writer.WriteString("content", ChatParts.Text(output!.Value));
        }

        writer.WriteEndObject();
        if (hasMedia && !extended)
        {
            _media.Add((output!.Value, path));
        }
    }

    /// <summary>Images and files of the results go into a user message after the last of them.</summary>
    private void EndResults(Utf8JsonWriter writer)
    {
        if (_media.Count == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "user");
        writer.WriteStartArray("content");
        foreach (var (parts, path) in _media)
        {
            ChatParts.WriteMedia(writer, parts, path + ".output");
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        _media.Clear();
    }

    private static IEnumerable<JsonElement> Parts(JsonElement item) => item.Find("content") switch
    {
        { ValueKind: JsonValueKind.String } text => [text],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        _ => [],
    };
}
