using System.Collections.Frozen;
using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>Writes a Messages request as a chat request: settings here, the conversation by <see cref="ChatMessages"/>, tools by <see cref="ChatTools"/>.</summary>
internal sealed class ChatRequest(JsonElement request, InferenceRequest inbound, ChatTarget target, ISet<string> dropped)
{
    private static readonly FrozenSet<string> Translated = new HashSet<string>(StringComparer.Ordinal)
    {
        "model", "messages", "max_tokens", "system", "temperature", "top_p", "top_k", "stop_sequences", "stream", "tools", "tool_choice", "thinking",
        "output_config", "output_format",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Writes it.</summary>
    /// <exception cref="RequestRefusedException">It cannot be said in chat.</exception>
    public void Write(Utf8JsonWriter writer)
    {
        RefuseWhatOnlyAnthropicHas();
        writer.WriteStartObject();
        writer.WriteString("model", inbound.Facts.Model);
        writer.WriteNumber(target.CapKey, inbound.Facts.MaxTokens is > 0 and var cap
            ? cap
            : throw new RequestRefusedException("'max_tokens' is 0, which warms a cache that only Anthropic has. Ask for at least 1.", "max_tokens", "unsupported"));
        if (inbound.Facts.Stream)
        {
            writer.WriteBoolean("stream", true);
        }

        WriteSampling(writer);
        WriteStops(writer);
        WriteEffort(writer);
        WriteFormat(writer);
        new ChatTools(request, target, dropped).Write(writer);
        new ChatMessages(request, target, dropped).Write(writer);
        writer.WriteEndObject();
        UntranslatedFields.Drop(request, Translated, dropped);
        if (inbound.Anthropic is { Betas.Count: > 0 })
        {
            dropped.Add("anthropic-beta");
        }
    }

    private void RefuseWhatOnlyAnthropicHas()
    {
        foreach (var field in (ReadOnlySpan<string>)["mcp_servers", "container"])
        {
            if (request.Find(field) is { } given && !(given.ValueKind == JsonValueKind.Array && given.GetArrayLength() == 0))
            {
                throw new RequestRefusedException($"'{field}' exists only at Anthropic; leave it out, or route this model to a provider of type 'anthropic'.", field, "unsupported");
            }
        }
    }

    private void WriteSampling(Utf8JsonWriter writer)
    {
        foreach (var field in (ReadOnlySpan<string>)["temperature", "top_p"])
        {
            if (request.Number(field) is not { } value)
            {
                continue;
            }

            if (target.TakesSampling)
            {
                Copy(writer, field, request.GetProperty(field));
            }
            else if (value != 1)
            {
                dropped.Add(field);
            }
        }

        if (request.Count("top_k") is { } topK)
        {
            if (target.TakesTopK)
            {
                writer.WriteNumber("top_k", topK);
            }
            else
            {
                dropped.Add("top_k");
            }
        }
    }

    private void WriteStops(Utf8JsonWriter writer)
    {
        var asked = request.List("stop_sequences").Where(static stop => stop.ValueKind == JsonValueKind.String && stop.GetString()!.Length > 0).ToList();
        var taken = target.TakesSampling ? asked.Take(target.MostStops).ToList() : [];
        if (taken.Count < asked.Count)
        {
            dropped.Add("stop_sequences");
        }

        if (taken.Count > 0)
        {
            writer.WriteStartArray("stop");
            taken.ForEach(stop => stop.WriteTo(writer));
            writer.WriteEndArray();
        }
    }

    // Left to itself a model of another maker thinks as it sees fit, so nothing is lost where nothing certain was asked.
    private void WriteEffort(Utf8JsonWriter writer)
    {
        var thinking = request.Find("thinking");
        var word = thinking?.Text("type") is "disabled" ? "none" : request.Find("output_config")?.Text("effort") ?? (thinking?.Count("budget_tokens") switch
        {
            null => null,
            <= 2048 => "low",
            <= 8192 => "medium",
            _ => "high",
        });
        if (word is null || (word is "none" && !target.Extended))
        {
            return;
        }

        if (target.TakesEffort)
        {
            writer.WriteString("reasoning_effort", !target.Extended && word is "xhigh" or "max" ? "high" : word); // more than high is not known by all
        }
        else
        {
            dropped.Add(thinking?.Count("budget_tokens") is null ? "output_config.effort" : "thinking");
        }
    }

    private void WriteFormat(Utf8JsonWriter writer)
    {
        var format = request.Find("output_config")?.Find("format") ?? request.Find("output_format");
        if (format is null)
        {
            return;
        }

        if (format.Value.Text("type") is not "json_schema" || format.Value.Find("schema") is not { ValueKind: JsonValueKind.Object } schema)
        {
            throw new RequestRefusedException("'output_config.format' must be {\"type\": \"json_schema\", \"schema\": {…}}.", "output_config.format");
        }

        writer.WriteStartObject("response_format");
        writer.WriteString("type", "json_schema");
        writer.WriteStartObject("json_schema");
        writer.WriteString("name", "answer");
        Copy(writer, "schema", schema);
        writer.WriteBoolean("strict", StrictSchema.Fits(schema));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Copy(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(JsonText.Raw(value), skipInputValidation: true);
    }
}
