using System.Text.Json;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Bedrock;

/// <summary>Everything decided about one request: Anthropic's plan, whose rules Converse has made its own, and what Converse lacks beside them.</summary>
internal sealed class ConversePlan
{
    /// <summary>
    /// The output cap where neither the caller nor the account says one. AWS holds the cap back from the quota when a request begins, and takes the model's
    /// largest where none is sent, which on most accounts is throttled after a few requests.
    /// </summary>
    public const long UsualMaxTokens = 16_384;

    private readonly SortedSet<string> _dropped;
    private readonly List<string> _instructions;

    private ConversePlan(JsonElement request, RequestFacts facts, AttemptTarget target)
    {
        Model = BedrockModel.Of(target.Model);
        var form = new ConverseForm(Model, target);
        Request = RequestPlan.For(request, facts with { MaxTokens = facts.MaxTokens ?? UsualMaxTokens }, target, Model.Traits, form);
        (_dropped, _instructions) = (new SortedSet<string>(Request.Dropped, StringComparer.Ordinal), [.. Request.Instructions]);
        (Tools, Choice) = SettleTools(form.Called);
        GptOssEffort = ReadEffort(request);
        NoteDropped(form, request);
    }

    /// <summary>What is sent as Anthropic would take it.</summary>
    public RequestPlan Request { get; }

    /// <summary>What the model takes.</summary>
    public BedrockModel Model { get; }

    /// <summary>The tools that are sent: those offered, or, where none are and the conversation has calls, the called ones by their names.</summary>
    public IReadOnlyList<OfferedTool> Tools { get; }

    /// <summary>Which tool is to be called.</summary>
    public ToolChoice Choice { get; }

    /// <summary>The effort of OpenAI's models, which have their own field for it; null: left out.</summary>
    public string? GptOssEffort { get; }

    /// <summary>What is said in words because no field says it.</summary>
    public IReadOnlyList<string> Instructions => _instructions;

    /// <summary>Request fields that were left out or weakened, in order of their names.</summary>
    public IReadOnlyList<string> Dropped => [.. _dropped];

    /// <summary>Decides.</summary>
    /// <exception cref="RequestRefusedException">The request cannot be said to Bedrock.</exception>
    public static ConversePlan For(JsonElement request, RequestFacts facts, AttemptTarget target) => new(request, facts, target);

    /// <summary>What is asked again once it was sent.</summary>
    public SentNote Note(AttemptTarget target) => Request.Note(target) with { Dropped = Dropped };

    // Converse cannot be told to call no tool, and wants the tools of every call in the conversation described.
    private (IReadOnlyList<OfferedTool> Tools, ToolChoice Choice) SettleTools(IReadOnlyList<string> called)
    {
        var offered = Request.Choice.Type is not "none" || called.Count > 0 ? Request.Tools : [];
        if (Request is { AnswerForm: AnswerForm.Tool, Answer: { } answer })
        {
            offered = [.. offered, new OfferedTool(answer.Name, answer.Description ?? "Gives the answer.", answer.Schema, Strict: false, null)];
        }

        if (called.Count > 0 && (offered.Count == 0 || Request.Choice.Type is "none"))
        {
            _instructions.Add("Do not call a tool now; answer in words.");
            return ([.. offered, .. Missing(called, offered)], default);
        }

        return ([.. offered, .. Missing(called, offered)], Request.Choice.Forces ? Request.Choice : default);
    }

    private static IEnumerable<OfferedTool> Missing(IReadOnlyList<string> called, IReadOnlyList<OfferedTool> offered) => called
        .Where(name => !offered.Any(tool => string.Equals(tool.Name, name, StringComparison.Ordinal)))
        .Select(static name => new OfferedTool(name, "No longer available.", null, Strict: false, null));

    private string? ReadEffort(JsonElement request) => !Model.IsGptOss ? null : request.Text("reasoning_effort") switch
    {
        "minimal" or "low" => "low",
        "medium" => "medium",
        "high" or "xhigh" or "max" => "high",
        _ => null,
    };

    private void NoteDropped(ConverseForm form, JsonElement request)
    {
        if (GptOssEffort is not null)
        {
            _dropped.Remove("reasoning_effort");
        }

        DropWhere(Request.Choice.NotParallel, "parallel_tool_calls");
        DropWhere(Request.Choice.Type is "none" && form.Called.Count > 0, request.Find("tool_choice") is null ? "function_call" : "tool_choice");
        DropWhere(Request.TopK is not null && !Model.IsClaude, "top_k");
        DropWhere(!Model.HasCachePoints && HasMarks(), "cache_control");
    }

    private bool HasMarks() => Request.Tools.Exists(static tool => tool.CacheControl is not null)
        || Request.Conversation.System.Concat(Request.Conversation.Turns.SelectMany(static turn => turn.Blocks))
            .Any(static block => block.CacheControl is not null);

    private void DropWhere(bool lost, string field)
    {
        if (lost)
        {
            _dropped.Add(field);
        }
    }
}
