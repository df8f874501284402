namespace Infermux.Providers.Anthropic;

/// <summary>How much the model is to think, and the output cap, which includes it.</summary>
internal sealed record ThinkingPlan
{
    /// <summary>The cap where neither the caller, nor the account, nor the price table says one. The oldest models allow no more.</summary>
    public const long FallbackMaxTokens = 4096;

    private const long SmallestBudget = 1024;

    /// <summary><c>max_tokens</c>.</summary>
    public required long MaxTokens { get; init; }

    /// <summary><c>thinking.type</c>; null: left out.</summary>
    public string? Type { get; init; }

    /// <summary><c>thinking.budget_tokens</c> of type <c>enabled</c>.</summary>
    public long Budget { get; init; }

    /// <summary><c>output_config.effort</c>; null: left out.</summary>
    public string? Effort { get; init; }

    /// <summary>Whether an effort was asked for that could not be.</summary>
    public bool EffortIgnored { get; init; }

    /// <summary>Whether the request asks for thinking, which excludes sampling fields and forced tools.</summary>
    public bool IsOn => Type is "enabled" or "adaptive" || (Effort is not null && Type is null);

    /// <summary>Decides.</summary>
    /// <param name="effort"><c>reasoning_effort</c>; null: not given.</param>
    /// <param name="traits">What the model takes.</param>
    /// <param name="asked">The caller's output cap.</param>
    /// <param name="target">The account's cap and the model's.</param>
    /// <param name="goesOn">Whether the turn whose calls were just answered, if any, begins with its signed thinking.</param>
    public static ThinkingPlan For(string? effort, ModelTraits traits, long? asked, AttemptTarget target, bool goesOn)
    {
        var cap = target.OutputCap ?? asked ?? target.ModelMaxOutput ?? FallbackMaxTokens;
        var plain = new ThinkingPlan { MaxTokens = Math.Min(cap, target.ModelMaxOutput ?? cap) };
        return (effort, traits.Thinking) switch
        {
            (null, _) => plain,
            ("none", ThinkingSupport.Adaptive) => Off(plain, traits),
            ("none", _) => plain,
            (_, ThinkingSupport.Adaptive) => Adaptive(plain, effort, traits),
            // The turn whose calls were answered must begin with its signed thinking. Where another provider made those calls there is none.
            (_, ThinkingSupport.Budget) when goesOn => WithBudget(plain, effort, asked, target),
            _ => plain with { EffortIgnored = true },
        };
    }

    /// <summary>The same plan with thinking kept off; false where the model cannot be kept from it.</summary>
    public bool TryKeepOff(ModelTraits traits, out ThinkingPlan kept)
    {
        kept = traits.Off == ThinkingOff.Disabled ? this with { Type = "disabled" } : this;
        return traits.Off is ThinkingOff.Omitted or ThinkingOff.Disabled;
    }

    private static ThinkingPlan Off(ThinkingPlan plain, ModelTraits traits) => traits.Off switch
    {
        ThinkingOff.Omitted => plain,
        ThinkingOff.Disabled => plain with { Type = "disabled" },
        ThinkingOff.BetweenTools => plain with { Type = "between_tools" },
        _ => plain with { Effort = "low" },
    };

    private static ThinkingPlan Adaptive(ThinkingPlan plain, string effort, ModelTraits traits)
    {
        var word = effort switch
        {
            "minimal" => "low",
            "low" or "medium" or "high" or "max" => effort,
            "xhigh" => traits.ExtraHighEffort ? "xhigh" : "max",
            _ => null,
        };
        return word is null
            ? plain with { EffortIgnored = true }
            : plain with { Effort = word, Type = traits.Off == ThinkingOff.Omitted ? "adaptive" : null };
    }

    // The budget is a share of what the model can say at most. A caller's cap is for the answer, so the budget comes on top; a cap that money
    // is held for is for both, and thinking gets no more than nine tenths of it.
    private static ThinkingPlan WithBudget(ThinkingPlan plain, string effort, long? asked, AttemptTarget target)
    {
        var share = effort switch { "minimal" => 2, "low" => 10, "medium" => 30, "high" => 60, "xhigh" or "max" => 90, _ => 0 };
        var wanted = Math.Max(SmallestBudget, (target.ModelMaxOutput ?? plain.MaxTokens) * share / 100);
        var cap = target.OutputCap is not null || asked is null ? plain.MaxTokens : Math.Min(plain.MaxTokens + wanted, target.ModelMaxOutput ?? long.MaxValue);
        var budget = Math.Min(wanted, cap * 9 / 10);
        return share == 0 || budget < SmallestBudget
            ? plain with { EffortIgnored = true }
            : plain with { MaxTokens = cap, Type = "enabled", Budget = budget };
    }
}
