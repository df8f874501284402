using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>Everything decided about one request before the first byte of it is written: what is sent, how, and what was left out.</summary>
internal sealed class RequestPlan
{
    private const int MostStops = 5;

    private readonly SortedSet<string> _dropped = new(StringComparer.Ordinal);
    private readonly ModelTraits _traits;

    private RequestPlan(JsonElement request, RequestFacts facts, AttemptTarget target)
    {
        _traits = ModelTraitTable.Find(target.Model);
        UnsupportedFields.Refuse(request);
        UnsupportedFields.Drop(request, _dropped);
        Conversation = Conversation.Read(request, target, _traits);
        Tools = OfferedTool.Read(request);
        Calling = ReadCalling(request);
        Answer = AnswerSchema.Read(request);
        AnswerForm = ChooseAnswerForm(request);
        MaxTokens = (target.OutputCap ?? facts.MaxTokens) is { } cap ? Math.Min(cap, target.ModelMaxOutput ?? cap) : null;
        Thinking = ThinkingPlan.For(request.Text("reasoning_effort"), _traits, MaxTokens);
        Stop = ReadStop(request);
        Seed = ReadSeed(request);
        ServiceTier = ReadTier(request);
        NoteDropped();
    }

    /// <summary>Instructions and turns.</summary>
    public Conversation Conversation { get; }

    /// <summary>The caller's tools.</summary>
    public List<OfferedTool> Tools { get; private set; }

    /// <summary>Whether and which tool is to be called.</summary>
    public FunctionCalling Calling { get; }

    /// <summary>The schema asked for; null: none.</summary>
    public AnswerSchema? Answer { get; }

    /// <summary>How a structured answer is asked for.</summary>
    public AnswerForm AnswerForm { get; }

    /// <summary><c>maxOutputTokens</c>, thoughts included; null: the model's own.</summary>
    public long? MaxTokens { get; }

    /// <summary>Thinking.</summary>
    public ThinkingPlan Thinking { get; }

    /// <summary>Stop sequences, five at most.</summary>
    public IReadOnlyList<string> Stop { get; }

    /// <summary><c>seed</c>, a number of 32 bits.</summary>
    public int? Seed { get; }

    /// <summary><c>flex</c> or <c>priority</c>; null: the standard one.</summary>
    public string? ServiceTier { get; }

    /// <summary>Request fields that were left out or weakened, in order of their names.</summary>
    public IReadOnlyList<string> Dropped => [.. _dropped];

    /// <summary>Decides.</summary>
    /// <exception cref="RequestRefusedException">The request cannot be said to Gemini.</exception>
    public static RequestPlan For(JsonElement request, RequestFacts facts, AttemptTarget target) => new(request, facts, target);

    private FunctionCalling ReadCalling(JsonElement request)
    {
        if (Tools.Count == 0)
        {
            return default;
        }

        var asked = CallChoice.Read(request);
        Tools = asked.Keep(Tools);
        DropWhere(asked.Single, "parallel_tool_calls");
        var strict = Tools.Exists(static tool => tool.Strict);
        DropWhere(strict && !_traits.ValidatedCalls, "tools.strict");
        return asked.Mode switch
        {
            CallMode.None => new FunctionCalling("NONE"),
            CallMode.Required => new FunctionCalling("ANY"),
            CallMode.Named => new FunctionCalling("ANY", asked.Name),
            _ => new FunctionCalling(strict && _traits.ValidatedCalls ? "VALIDATED" : null),
        };
    }

    // Older models take no answer format while tools are offered, or none at all; they are asked in words.
    private AnswerForm ChooseAnswerForm(JsonElement request)
    {
        var anyObject = request.Find("response_format")?.Text("type") is "json_object";
        if (!anyObject && Answer is null)
        {
            return AnswerForm.Free;
        }

        if (_traits.AnswerFormat && (Tools.Count == 0 || _traits.AnswerWithTools))
        {
            return AnswerForm.Json;
        }

        Conversation.Instruct(anyObject
            ? "Answer with one JSON object and nothing else: no code fence, no words around it."
            : $"Answer with one JSON value and nothing else, valid under this JSON schema: {Answer!.Schema.GetRawText()}");
        return AnswerForm.Instruction;
    }

    private List<string> ReadStop(JsonElement request)
    {
        var asked = request.Find("stop") is { ValueKind: JsonValueKind.String } one
            ? [one.GetString()!]
            : request.List("stop").Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!).ToList();
        var taken = asked.Where(static stop => stop.Length > 0).Take(MostStops).ToList();
        DropWhere(taken.Count < asked.Count, "stop");
        return taken;
    }

    private int? ReadSeed(JsonElement request)
    {
        var seed = request.Find("seed");
        var fits = seed is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out _);
        DropWhere(seed is not null && !fits, "seed");
        return fits ? seed!.Value.GetInt32() : null;
    }

    private string? ReadTier(JsonElement request)
    {
        var tier = request.Text("service_tier");
        DropWhere(tier is not (null or "auto" or "default" or "flex" or "priority"), "service_tier");
        return tier is "flex" or "priority" ? tier : null;
    }

    private void NoteDropped()
    {
        DropWhere(Thinking.EffortIgnored, "reasoning_effort");
        DropWhere(Conversation.HadNames, "messages.name");
        DropWhere(Conversation.LostReasoning, "reasoning_details");
        DropWhere(Conversation.HadCacheMarks || Tools.Exists(static tool => tool.CacheControl is not null), "cache_control");
    }

    private void DropWhere(bool lost, string field)
    {
        if (lost)
        {
            _dropped.Add(field);
        }
    }
}
