using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers.Messages;

/// <summary>Usage as Anthropic counts it: cached tokens beside the input, thinking inside the output.</summary>
internal static class MessageUsage
{
    /// <summary>Reads a chat answer's usage; null where it has none.</summary>
    public static TokenUsage? Read(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } reported)
        {
            return null;
        }

        var reader = new Utf8JsonReader(Json.JsonText.Raw(reported), Pivot.JsonReading.DeepReader);
        reader.Read();
        return UsageReader.Read(ref reader);
    }

    /// <summary>Writes the member <c>usage</c>.</summary>
    public static void Write(Utf8JsonWriter writer, in TokenUsage usage)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", usage.FreshInput);
        writer.WriteNumber("cache_creation_input_tokens", usage.CacheWrite + usage.CacheWriteLong);
        writer.WriteNumber("cache_read_input_tokens", usage.CacheRead);
        writer.WriteStartObject("cache_creation");
        writer.WriteNumber("ephemeral_5m_input_tokens", usage.CacheWrite);
        writer.WriteNumber("ephemeral_1h_input_tokens", usage.CacheWriteLong);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", usage.Output);
        writer.WriteStartObject("output_tokens_details");
        writer.WriteNumber("thinking_tokens", usage.Reasoning);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
