namespace Infermux.Providers.Gemini;

/// <summary><c>thinkingConfig</c> as it is sent. A budget and a level are never sent together: that is a 400.</summary>
internal sealed record ThinkingPlan
{
    /// <summary><c>thinkingBudget</c> in tokens; null: left out.</summary>
    public long? Budget { get; init; }

    /// <summary><c>thinkingLevel</c>; null: left out.</summary>
    public string? Level { get; init; }

    /// <summary><c>includeThoughts</c>: summaries of the thoughts come with the answer. They cost nothing beside the thoughts.</summary>
    public bool Shown { get; init; }

    /// <summary>Whether an effort was asked for that could not be.</summary>
    public bool EffortIgnored { get; init; }

    /// <summary>Whether there is anything to send.</summary>
    public bool IsSent => Budget is not null || Level is not null;

    /// <summary>Decides.</summary>
    /// <param name="effort"><c>reasoning_effort</c>; null: not given.</param>
    /// <param name="traits">What the model takes.</param>
    /// <param name="cap">The output cap that is sent, which thoughts count against; null: none.</param>
    public static ThinkingPlan For(string? effort, ModelTraits traits, long? cap)
    {
        if (effort is null)
        {
            return new ThinkingPlan();
        }

        return traits.Thinking switch
        {
            ThinkingSupport.Budget => WithBudget(effort, traits, cap),
            ThinkingSupport.Level => WithLevel(effort, traits),
            _ => new ThinkingPlan { EffortIgnored = effort is not "none" },
        };
    }

    // Google's own equivalents. No more than nine tenths of the cap, so that something of it is left for the answer.
    private static ThinkingPlan WithBudget(string effort, ModelTraits traits, long? cap)
    {
        long? wanted = effort switch
        {
            "none" => 0,
            "minimal" or "low" => 1_024,
            "medium" => 8_192,
            "high" => 24_576,
            "xhigh" or "max" => traits.MostBudget,
            _ => null,
        };
        if (wanted is not { } tokens)
        {
            return new ThinkingPlan { EffortIgnored = true };
        }

        if (tokens == 0 && traits.CanBeOff)
        {
            return new ThinkingPlan { Budget = 0 };
        }

        var most = Math.Min(traits.MostBudget, cap is { } all ? all * 9 / 10 : traits.MostBudget);
        return new ThinkingPlan { Budget = Math.Max(traits.LeastBudget, Math.Min(tokens, most)), Shown = tokens > 0 };
    }

    private static ThinkingPlan WithLevel(string effort, ModelTraits traits)
    {
        var level = effort switch
        {
            "none" or "minimal" => traits.MinimalLevel ? "MINIMAL" : "LOW",
            "low" => "LOW",
            "medium" => traits.MediumLevel ? "MEDIUM" : "HIGH",
            "high" or "xhigh" or "max" => "HIGH",
            _ => null,
        };
        return new ThinkingPlan { Level = level, Shown = level is not null && effort is not "none", EffortIgnored = level is null };
    }
}
