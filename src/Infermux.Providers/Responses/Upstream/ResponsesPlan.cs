using System.Collections.Frozen;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>Everything decided about one chat request that goes out as a Responses request, before the first byte of it is written.</summary>
internal sealed class ResponsesPlan
{
    private static readonly FrozenSet<string> Translated = new HashSet<string>(StringComparer.Ordinal)
    {
        "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "stop", "stream", "stream_options", "tools", "functions", "tool_choice",
        "function_call", "parallel_tool_calls", "response_format", "verbosity", "reasoning_effort", "user", "safety_identifier", "service_tier", "n", "modalities",
        "audio", "metadata", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "moderation", "store",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly SortedSet<string> _dropped = new(StringComparer.Ordinal);

    private ResponsesPlan(JsonElement request, RequestFacts facts, AttemptTarget target)
    {
        Request = request;
        Target = target;
        Refuse(request);
        UntranslatedFields.Drop(request, Translated, _dropped);
        if (request.IsTrue("store"))
        {
            _dropped.Add("store");
        }

        Samples = ChatToolTable.Of(target.Model) is not ChatTools.Refused;
        if (!Samples)
        {
            DropWhereGiven("temperature", "top_p");
        }

        MaxTokens = facts.MaxTokens is { } asked && target.OutputCap is { } held ? Math.Min(asked, held) : facts.MaxTokens ?? target.OutputCap;
        Items = InputItems.Of(request, target, _dropped);
    }

    /// <summary>The chat request.</summary>
    public JsonElement Request { get; }

    /// <summary>Where it goes.</summary>
    public AttemptTarget Target { get; }

    /// <summary>Whether the model takes <c>temperature</c> and <c>top_p</c>.</summary>
    public bool Samples { get; }

    /// <summary>The output cap: the caller's, at most what money is held for.</summary>
    public long? MaxTokens { get; }

    /// <summary>The conversation as items.</summary>
    public IReadOnlyList<Action<Utf8JsonWriter>> Items { get; }

    /// <summary>Request fields that were left out or weakened, in order of their names.</summary>
    public IReadOnlyList<string> Dropped => [.. _dropped];

    /// <summary>What is asked again once it was sent.</summary>
    public SentNote Note() => new(Target, Dropped);

    /// <summary>Decides.</summary>
    /// <exception cref="RequestRefusedException">The request cannot be said in Responses.</exception>
    public static ResponsesPlan For(JsonElement request, RequestFacts facts, AttemptTarget target) => new(request, facts, target);

    private static void Refuse(JsonElement request)
    {
        if (request.Number("n") > 1)
        {
            throw Refused("n", "this model takes tools on OpenAI's Responses API only, which gives one answer a request; ask once for each.");
        }

        if (request.Find("stop") is { } stop && (stop.ValueKind != JsonValueKind.Array || stop.GetArrayLength() > 0))
        {
            throw Refused("stop", "this model takes tools on OpenAI's Responses API only, which has no stop sequences; leave it out.");
        }

        if (request.Find("audio") is not null || request.List("modalities").Any(static item => item.ValueKind == JsonValueKind.String && item.ValueEquals("audio")))
        {
            throw Refused("audio", "this model takes tools on OpenAI's Responses API only, which does not speak; leave it out.");
        }
    }

    private void DropWhereGiven(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Request.Find(name) is not null)
            {
                _dropped.Add(name);
            }
        }
    }

    private static RequestRefusedException Refused(string field, string why) => new($"'{field}': {why}", field, "unsupported");
}
