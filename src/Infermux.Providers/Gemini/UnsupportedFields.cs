using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>Chat request fields that Gemini has nothing for: some change the shape of the answer and are refused, the rest is left out and named.</summary>
internal static class UnsupportedFields
{
    /// <summary>The most candidates a request may ask for.</summary>
    private const int MostCandidates = 8;

    private static readonly FrozenSet<string> Translated = new HashSet<string>(StringComparer.Ordinal)
    {
        "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "stop", "stream", "stream_options", "tools", "functions",
        "tool_choice", "function_call", "parallel_tool_calls", "response_format", "reasoning_effort", "service_tier", "n", "logprobs", "top_logprobs", "seed",
        "presence_penalty", "frequency_penalty", "modalities", "audio",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Refuses what cannot be answered in the shape asked for.</summary>
    /// <exception cref="RequestRefusedException">Names the field.</exception>
    public static void Refuse(JsonElement request)
    {
        if (request.Number("n") > MostCandidates)
        {
            throw Refused("n", string.Create(CultureInfo.InvariantCulture, $"Gemini models give at most {MostCandidates} answers a request; ask more often."));
        }

        var speaks = request.List("modalities").Any(static item => item.ValueKind == JsonValueKind.String && item.ValueEquals("audio"));
        if (speaks || request.Find("audio") is not null)
        {
            throw Refused("audio", "Gemini models do not speak through generateContent in chat's voices; leave it out.");
        }
    }

    /// <summary>Adds the names of the fields that are left out.</summary>
    public static void Drop(JsonElement request, ISet<string> dropped) => UntranslatedFields.Drop(request, Translated, dropped);

    private static RequestRefusedException Refused(string field, string why) => new($"'{field}': {why}", field, "unsupported");
}
