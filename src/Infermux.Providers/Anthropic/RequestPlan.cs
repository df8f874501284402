using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>Everything decided about one request before the first byte of it is written: what is sent, how, and what was left out.</summary>
internal sealed class RequestPlan
{
    private readonly SortedSet<string> _dropped = new(StringComparer.Ordinal);
    private readonly List<string> _instructions = [];

    private RequestPlan(JsonElement request, RequestFacts facts, AttemptTarget target, ModelTraits traits, IMessageForm form)
    {
        Traits = traits;
        form.Refuse(request);
        form.Drop(request, _dropped);
        Conversation = Conversation.Read(request, Traits, form);
        Tools = OfferedTool.Read(request);
        Answer = AnswerSchema.Read(request);
        Choice = ReadChoice(request);
        Thinking = ThinkingPlan.For(request.Text("reasoning_effort"), Traits, facts.MaxTokens, target, Conversation.ThinkingGoesOn);
        AnswerForm = ChooseAnswerForm(request);
        SettleForcedTool(request);
        SettleLastTurn();
        (Temperature, TopP, TopK) = ReadSampling(request);
        Stop = ReadStop(request);
        UserId = (request.Text("safety_identifier") ?? request.Text("user")) is { Length: > 0 } user ? Hash(user) : null;
        ServiceTier = ReadTier(request);
        NoteDropped();
    }

    /// <summary>What the model takes.</summary>
    public ModelTraits Traits { get; }

    /// <summary>System blocks and turns.</summary>
    public Conversation Conversation { get; }

    /// <summary>The caller's tools.</summary>
    public List<OfferedTool> Tools { get; private set; }

    /// <summary>Which tool is to be called.</summary>
    public ToolChoice Choice { get; private set; }

    /// <summary>The schema asked for; null: none.</summary>
    public AnswerSchema? Answer { get; }

    /// <summary>How a structured answer is asked for.</summary>
    public AnswerForm AnswerForm { get; }

    /// <summary>Thinking, and the output cap that depends on it.</summary>
    public ThinkingPlan Thinking { get; private set; }

    /// <summary><c>temperature</c>, at most 1.</summary>
    public double? Temperature { get; }

    /// <summary><c>top_p</c>.</summary>
    public double? TopP { get; }

    /// <summary><c>top_k</c>, an extension that some clients send.</summary>
    public long? TopK { get; }

    /// <summary>Stop sequences that are not blank.</summary>
    public IReadOnlyList<string> Stop { get; }

    /// <summary>The caller's user, hashed: never an e-mail address.</summary>
    public string? UserId { get; }

    /// <summary><c>service_tier</c>.</summary>
    public string? ServiceTier { get; }

    /// <summary>What is said in words because no field says it.</summary>
    public IReadOnlyList<string> Instructions => _instructions;

    /// <summary>Request fields that were left out or weakened, in order of their names.</summary>
    public IReadOnlyList<string> Dropped => [.. _dropped];

    /// <summary>Decides.</summary>
    /// <exception cref="RequestRefusedException">The request cannot be said to Anthropic.</exception>
    public static RequestPlan For(JsonElement request, RequestFacts facts, AttemptTarget target) =>
        new(request, facts, target, ModelTraitTable.Find(target.Model), new MessagesForm(target));

    /// <summary>Decides for a dialect that follows the same rules and spells them its own way.</summary>
    /// <exception cref="RequestRefusedException">The request cannot be said in it.</exception>
    public static RequestPlan For(JsonElement request, RequestFacts facts, AttemptTarget target, ModelTraits traits, IMessageForm form) =>
        new(request, facts, target, traits, form);

    /// <summary>What is asked again once it was sent.</summary>
    public SentNote Note(AttemptTarget target) => new(target, Dropped, AnswerForm == AnswerForm.Tool ? Answer!.Name : null);

    private ToolChoice ReadChoice(JsonElement request)
    {
        if (Tools.Count == 0)
        {
            return default;
        }

        var asked = CallChoice.Read(request);
        Tools = asked.Keep(Tools);
        return asked.Mode switch
        {
            CallMode.None => new ToolChoice("none"),
            CallMode.Required => new ToolChoice("any", NotParallel: asked.Single),
            CallMode.Named => new ToolChoice("tool", asked.Name, asked.Single),
            _ => new ToolChoice(asked.Single ? "auto" : null, NotParallel: asked.Single),
        };
    }

    private AnswerForm ChooseAnswerForm(JsonElement request)
    {
        if (request.Find("response_format")?.Text("type") is "json_object")
        {
            _instructions.Add("Answer with one JSON object and nothing else: no code fence, no words around it.");
            return AnswerForm.Instruction;
        }

        var form = Answer is null ? AnswerForm.Free
            : Traits.AnswerFormat ? AnswerForm.Format
            : Tools.Count == 0 && Traits.ForcedTool && !Thinking.IsOn ? AnswerForm.Tool
            : AnswerForm.Instruction;
        if (form == AnswerForm.Tool)
        {
            Choice = new ToolChoice("tool", Answer!.Name);
        }
        else if (form == AnswerForm.Instruction)
        {
            _instructions.Add($"Answer with one JSON value and nothing else, valid under this JSON schema: {Answer!.Schema.GetRawText()}");
        }

        return form;
    }

    // A model that thinks takes no forced tool; one that thinks unasked is told not to, where it can be told. Else the request is made in words.
    private void SettleForcedTool(JsonElement request)
    {
        if (!Choice.Forces)
        {
            return;
        }

        if (Traits.ForcedTool && !Thinking.IsOn && Thinking.TryKeepOff(Traits, out var kept))
        {
            Thinking = kept;
            return;
        }

        _instructions.Add(Choice.Name is { } name ? $"Call the tool '{name}' now." : "Call at least one of the tools now; do not answer in words.");
        _dropped.Add(request.Find("tool_choice") is null ? "function_call" : "tool_choice");
        Choice = new ToolChoice(Choice.NotParallel ? "auto" : null, NotParallel: Choice.NotParallel);
    }

    private void SettleLastTurn()
    {
        if (!Traits.Prefill || Thinking.IsOn)
        {
            Conversation.EndWithUser();
        }
        else
        {
            Conversation.TrimPrefill();
        }
    }

    private (double? Temperature, double? TopP, long? TopK) ReadSampling(JsonElement request)
    {
        var temperature = request.Number("temperature") is { } asked ? Math.Clamp(asked, 0, 1) : (double?)null;
        var topP = request.Number("top_p");
        var topK = request.Count("top_k");
        if (Traits.Sampling == SamplingSupport.None || Thinking.IsOn)
        {
            DropWhere(request.Number("temperature") is not (null or 1), "temperature");
            DropWhere(topP is not (null or 1), "top_p");
            DropWhere(topK is not null, "top_k");
            return default;
        }

        if (Traits.Sampling == SamplingSupport.NotBoth && temperature is not null && topP is not null)
        {
            DropWhere(topP is not 1, "top_p");
            topP = null;
        }

        return (temperature, topP, topK);
    }

    private List<string> ReadStop(JsonElement request)
    {
        var asked = request.Find("stop") is { ValueKind: JsonValueKind.String } one
            ? [one.GetString()!]
            : request.List("stop").Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!).ToList();
        var taken = asked.Where(static stop => !string.IsNullOrWhiteSpace(stop)).ToList();
        DropWhere(taken.Count < asked.Count, "stop");
        return taken;
    }

    private string? ReadTier(JsonElement request)
    {
        var tier = request.Text("service_tier");
        DropWhere(tier is not (null or "auto" or "default"), "service_tier");
        return tier is "auto" or "default" ? "auto" : null;
    }

    private void NoteDropped()
    {
        DropWhere(Thinking.EffortIgnored, "reasoning_effort");
        DropWhere(Conversation.HadNames, "messages.name");
        DropWhere(Conversation.LostReasoning, "reasoning_details");
        DropWhere(!Traits.AnswerFormat && Tools.Exists(static tool => tool.Strict), "tools.strict");
        var marks = Tools.Count(static tool => tool.CacheControl is not null)
            + Conversation.System.Concat(Conversation.Turns.SelectMany(static turn => turn.Blocks)).Count(static block => block.CacheControl is not null);
        DropWhere(marks > CacheMarks.Most, "cache_control");
    }

    private void DropWhere(bool lost, string field)
    {
        if (lost)
        {
            _dropped.Add(field);
        }
    }

    private static string Hash(string user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)));
}
