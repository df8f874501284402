namespace Infermux.Providers.Anthropic;

/// <summary>How a model thinks.</summary>
internal enum ThinkingSupport
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Where asked for, within a budget of tokens.</summary>
    Budget,

    /// <summary>As much as it sees fit, steered by <c>output_config.effort</c>.</summary>
    Adaptive,
}
