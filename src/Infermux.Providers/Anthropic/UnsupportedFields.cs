using System.Collections.Frozen;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>OpenAI request fields that Anthropic has nothing for: some change the shape of the answer and are refused, the rest is left out and named.</summary>
internal static class UnsupportedFields
{
    private static readonly FrozenSet<string> Translated = new HashSet<string>(StringComparer.Ordinal)
    {
        "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "stop", "stream", "stream_options", "tools", "functions",
        "tool_choice", "function_call", "parallel_tool_calls", "response_format", "reasoning_effort", "user", "safety_identifier", "service_tier", "n",
        "logprobs", "modalities", "audio",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Refuses what cannot be answered in the shape asked for.</summary>
    /// <exception cref="RequestRefusedException">Names the field.</exception>
    public static void Refuse(JsonElement request)
    {
        if (request.Number("n") > 1)
        {
            throw Refused("n", "Anthropic models give one answer a request; ask once for each.");
        }

        if (request.IsTrue("logprobs"))
        {
            throw Refused("logprobs", "Anthropic models do not tell probabilities; leave it out.");
        }

        if (request.Find("audio") is not null || request.List("modalities").Any(static item => item.ValueKind == JsonValueKind.String && item.ValueEquals("audio")))
        {
            throw Refused("audio", "Anthropic models do not speak; leave it out.");
        }
    }

    /// <summary>Adds the names of the fields that are left out.</summary>
    public static void Drop(JsonElement request, ISet<string> dropped) => UntranslatedFields.Drop(request, Translated, dropped);

    private static RequestRefusedException Refused(string field, string why) => new($"'{field}': {why}", field, "unsupported");
}
