namespace Infermux.Providers.Anthropic;

/// <summary>What one family of models takes, as far as a request has to be written differently for it.</summary>
internal sealed record ModelTraits
{
    /// <summary>Sampling fields.</summary>
    public SamplingSupport Sampling { get; init; }

    /// <summary>Thinking.</summary>
    public ThinkingSupport Thinking { get; init; }

    /// <summary>How thinking is kept off.</summary>
    public ThinkingOff Off { get; init; }

    /// <summary>Whether <c>output_config.effort</c> has <c>xhigh</c>.</summary>
    public bool ExtraHighEffort { get; init; } = true;

    /// <summary>Whether the conversation may end with an assistant message.</summary>
    public bool Prefill { get; init; }

    /// <summary>Whether a tool can be forced while it does not think.</summary>
    public bool ForcedTool { get; init; } = true;

    /// <summary>Whether <c>output_config.format</c> is known; else a schema is asked for by a forced tool.</summary>
    public bool AnswerFormat { get; init; } = true;

    /// <summary>Whether role <c>system</c> may stand inside the conversation.</summary>
    public bool SystemInside { get; init; }

    /// <summary>Whether a refusal before any output is billed.</summary>
    public bool BillsEmptyRefusal { get; init; } = true;
}
