namespace Infermux.Providers.Anthropic;

/// <summary>How a model is kept from thinking.</summary>
internal enum ThinkingOff
{
    /// <summary>By leaving <c>thinking</c> out: it does not think unasked.</summary>
    Omitted,

    /// <summary>By <c>{"type":"disabled"}</c>: it thinks unasked.</summary>
    Disabled,

    /// <summary>Not before its answer, by <c>{"type":"between_tools"}</c>.</summary>
    BetweenTools,

    /// <summary>Not at all.</summary>
    Never,
}
